"""What providers say of a client: for who may be asked by them, and for themself."""

from callsheet.kernel.errors import Forbidden
from callsheet.kernel.ids import has_prefix
from callsheet.kernel.page import PageQuery
from callsheet.kernel.principal import Principal, Role
from callsheet.reviews.deps import ReviewsDeps
from callsheet.reviews.listing import page_about
from callsheet.reviews.model import ReviewPage

_READERS = (Role.PROVIDER, Role.CREATOR, Role.STUDIO_OWNER, Role.SUPPORT, Role.ADMIN)


def list_client_reviews(user_id: str, query: PageQuery, caller: Principal, deps: ReviewsDeps) -> ReviewPage:
    """One query; an empty page for nobody's id, and for a profile's, which may be a draft."""
    if user_id != caller.user_id and not caller.has_any(*_READERS):
        raise Forbidden("What is said of clients is for providers to read")
    if not has_prefix(user_id, "usr"):
        return ReviewPage(items=())
    return page_about(user_id, query, deps)
