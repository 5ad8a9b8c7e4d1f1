"""GET /v1/users/{user_id}/reviews: what providers say of a client, the newest first; for providers and the client."""

from callsheet import wiring
from callsheet.http.endpoint import endpoint
from callsheet.kernel.errors import InvalidCursor
from callsheet.kernel.page import PageQuery
from callsheet.kernel.principal import Principal
from callsheet.reviews.list_client_reviews import list_client_reviews
from callsheet.reviews.model import ReviewPage


@endpoint(errors=(InvalidCursor,))
def handler(user_id: str, query: PageQuery, caller: Principal) -> ReviewPage:
    return list_client_reviews(user_id, query, caller, wiring.reviews())
