"""POST /v1/profiles/{profile_id}/publish: a profile becomes visible, and can be booked."""

from callsheet import wiring
from callsheet.catalogue.errors import ProfileNotFound
from callsheet.catalogue.model import ProfileView
from callsheet.catalogue.publish_profile import publish_profile
from callsheet.http.endpoint import endpoint
from callsheet.kernel.principal import Principal
from callsheet.platform.stale import Stale


@endpoint(errors=(ProfileNotFound, Stale))
def handler(profile_id: str, caller: Principal) -> ProfileView:
    return publish_profile(profile_id, caller, wiring.catalogue())
