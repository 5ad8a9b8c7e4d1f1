"""What providers say of a client: for who may be asked by them, and for themself."""

from callsheet.kernel.errors import Forbidden
from callsheet.kernel.ids import has_prefix
from callsheet.kernel.page import PageQuery
from callsheet.kernel.principal import Principal
from callsheet.reviews.deps import ReviewsDeps
from callsheet.reviews.listing import page_about
from callsheet.reviews.may_read import may_read_of_client
from callsheet.reviews.model import ReviewPage


def list_client_reviews(user_id: str, query: PageQuery, caller: Principal, deps: ReviewsDeps) -> ReviewPage:
    """One query; an empty page for nobody's id, and for a profile's, which may be a draft."""
    if not may_read_of_client(user_id, caller):
        raise Forbidden("What is said of clients is for providers to read")
    if not has_prefix(user_id, "usr"):
        return ReviewPage(items=())
    return page_about(user_id, query, deps)
