"""GET /v1/me: the caller's own account, made on the first visit."""

from callsheet import wiring
from callsheet.http.endpoint import endpoint
from callsheet.kernel.principal import Principal
from callsheet.users.get_me import get_me
from callsheet.users.model import MeView


@endpoint()
def handler(caller: Principal) -> MeView:
    return get_me(caller, wiring.users())
