"""PATCH /v1/me: the caller gives themself a name."""

from callsheet import wiring
from callsheet.http.endpoint import endpoint
from callsheet.kernel.principal import Principal
from callsheet.platform.stale import Stale
from callsheet.users.model import MeView, UpdateMe
from callsheet.users.update_me import update_me


@endpoint(errors=(Stale,))
def handler(body: UpdateMe, caller: Principal) -> MeView:
    return update_me(body, caller, wiring.users())
