"""GET /v1/me/profiles/{profile_id}: one of the caller's profiles, with its version and what it still lacks."""

from callsheet import wiring
from callsheet.catalogue.errors import ProfileNotFound
from callsheet.catalogue.get_own_profile import get_own_profile
from callsheet.catalogue.model import OwnProfileView
from callsheet.http.endpoint import endpoint
from callsheet.kernel.principal import Principal


@endpoint(errors=(ProfileNotFound,))
def handler(profile_id: str, caller: Principal) -> OwnProfileView:
    return get_own_profile(profile_id, caller, wiring.catalogue())
