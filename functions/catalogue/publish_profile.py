"""POST /v1/profiles/{profile_id}/publish: a profile becomes visible, and can be booked.

What it must have for that and lacks stands in `missing` of 409 `profile_incomplete`, in words that stay the same.
"""

from callsheet import wiring
from callsheet.catalogue.errors import ProfileIncomplete, ProfileNotFound
from callsheet.catalogue.model import OwnProfileView
from callsheet.catalogue.publish_profile import publish_profile
from callsheet.http.endpoint import endpoint
from callsheet.kernel.principal import Principal
from callsheet.platform.stale import Stale


@endpoint(errors=(ProfileNotFound, ProfileIncomplete, Stale))
def handler(profile_id: str, caller: Principal) -> OwnProfileView:
    return publish_profile(profile_id, caller, wiring.catalogue())
