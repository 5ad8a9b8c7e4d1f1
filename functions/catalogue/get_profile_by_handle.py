"""GET /v1/handles/{handle}: the public page of the profile that has this handle, in capitals or not."""

from callsheet import wiring
from callsheet.catalogue.errors import ProfileNotFound
from callsheet.catalogue.find_profile import find_by_handle
from callsheet.catalogue.model import ProfileView
from callsheet.http.endpoint import endpoint
from callsheet.kernel.principal import Principal


@endpoint(errors=(ProfileNotFound,))
def handler(handle: str, caller: Principal) -> ProfileView:
    return find_by_handle(handle, caller, wiring.catalogue())
