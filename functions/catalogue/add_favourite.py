"""PUT /v1/me/favourites/{profile_id}: the caller keeps a profile; again and again the same."""

from callsheet import wiring
from callsheet.catalogue.add_favourite import add_favourite
from callsheet.catalogue.errors import ProfileNotFound
from callsheet.catalogue.favourites import FavouriteView
from callsheet.http.endpoint import endpoint
from callsheet.kernel.principal import Principal
from callsheet.platform.stale import Stale


@endpoint(errors=(ProfileNotFound, Stale))
def handler(profile_id: str, caller: Principal) -> FavouriteView:
    return add_favourite(profile_id, caller, wiring.catalogue())
