"""GET /v1/me/profiles: the caller's own profiles, drafts included."""

from callsheet import wiring
from callsheet.catalogue.list_my_profiles import list_my_profiles
from callsheet.catalogue.model import ProfileList
from callsheet.http.endpoint import endpoint
from callsheet.kernel.principal import Principal


@endpoint()
def handler(caller: Principal) -> ProfileList:
    return list_my_profiles(caller, wiring.catalogue())
