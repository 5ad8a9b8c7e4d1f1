"""What clients say of a profile."""

from callsheet.catalogue.for_reviews import check_visible_profile
from callsheet.kernel.page import PageQuery
from callsheet.kernel.principal import Principal
from callsheet.reviews.deps import ReviewsDeps
from callsheet.reviews.listing import page_about
from callsheet.reviews.model import ReviewPage


def list_profile_reviews(
    profile_id: str, query: PageQuery, caller: Principal, deps: ReviewsDeps
) -> ReviewPage:
    """One read and one query. Raises ProfileNotFound also for a draft, except to its owner."""
    check_visible_profile(profile_id, caller)
    return page_about(profile_id, query, deps)
