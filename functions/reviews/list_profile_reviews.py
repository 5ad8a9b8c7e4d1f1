"""GET /v1/profiles/{profile_id}/reviews: what clients say of a profile, the newest first."""

from callsheet import wiring
from callsheet.catalogue.errors import ProfileNotFound
from callsheet.http.endpoint import endpoint
from callsheet.kernel.errors import InvalidCursor
from callsheet.kernel.page import PageQuery
from callsheet.kernel.principal import Principal
from callsheet.reviews.list_profile_reviews import list_profile_reviews
from callsheet.reviews.model import ReviewPage


@endpoint(errors=(ProfileNotFound, InvalidCursor))
def handler(profile_id: str, query: PageQuery, caller: Principal) -> ReviewPage:
    return list_profile_reviews(profile_id, query, caller, wiring.reviews())
