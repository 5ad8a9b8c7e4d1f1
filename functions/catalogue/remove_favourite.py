"""DELETE /v1/me/favourites/{profile_id}: the caller keeps a profile no longer; the same where they never did."""

from callsheet import wiring
from callsheet.catalogue.errors import ProfileNotFound
from callsheet.catalogue.remove_favourite import remove_favourite
from callsheet.http.endpoint import endpoint
from callsheet.kernel.principal import Principal


@endpoint(status=204, errors=(ProfileNotFound,))
def handler(profile_id: str, caller: Principal) -> None:
    remove_favourite(profile_id, caller, wiring.catalogue())
