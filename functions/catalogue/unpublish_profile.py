"""POST /v1/profiles/{profile_id}/unpublish: a profile becomes a draft again; what is booked stays booked."""

from callsheet import wiring
from callsheet.catalogue.errors import ProfileNotFound
from callsheet.catalogue.model import OwnProfileView
from callsheet.catalogue.unpublish_profile import unpublish_profile
from callsheet.http.endpoint import endpoint
from callsheet.kernel.principal import Principal
from callsheet.platform.stale import Stale


@endpoint(errors=(ProfileNotFound, Stale))
def handler(profile_id: str, caller: Principal) -> OwnProfileView:
    return unpublish_profile(profile_id, caller, wiring.catalogue())
