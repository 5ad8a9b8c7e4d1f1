"""POST /v1/profiles: a provider opens a profile.

It is a draft until it is published. The first one is what bookings mean that name the user alone, and comes with a
calendar to be booked by.
"""

from callsheet import wiring
from callsheet.catalogue.create_profile import create_profile
from callsheet.catalogue.errors import SlugTaken, TooManyProfiles
from callsheet.catalogue.model import CreateProfile, OwnProfileView
from callsheet.http.endpoint import endpoint
from callsheet.kernel.principal import Principal
from callsheet.platform.stale import Stale


@endpoint(status=201, errors=(TooManyProfiles, SlugTaken, Stale))
def handler(body: CreateProfile, caller: Principal) -> OwnProfileView:
    return create_profile(body, caller, wiring.catalogue())
