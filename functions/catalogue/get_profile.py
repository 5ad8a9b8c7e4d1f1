"""GET /v1/profiles/{profile_id}: a profile's public page, with what it sells."""

from callsheet import wiring
from callsheet.catalogue.errors import ProfileNotFound
from callsheet.catalogue.get_profile import get_profile
from callsheet.catalogue.model import ProfileView
from callsheet.http.endpoint import endpoint
from callsheet.kernel.principal import Principal


@endpoint(errors=(ProfileNotFound,))
def handler(profile_id: str, caller: Principal) -> ProfileView:
    return get_profile(profile_id, caller, wiring.catalogue())
