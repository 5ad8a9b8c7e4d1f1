"""Reviews that somebody has reported and support has still to look at."""

from callsheet.kernel.page import PageQuery
from callsheet.reviews.deps import ReviewsDeps
from callsheet.reviews.model import ReportedPage
from callsheet.reviews.store import waiting_reviews
from callsheet.reviews.views import moderated_view

_NAME = "reviews:reported"


def list_reported_reviews(query: PageQuery, deps: ReviewsDeps) -> ReportedPage:
    """One query and one batch read. Raises InvalidCursor."""
    cursors = deps.cursors()
    reviews, position = waiting_reviews(cursors.read(_NAME, query.cursor), query.limit)
    return ReportedPage(
        items=tuple(moderated_view(review) for review in reviews), next_cursor=cursors.write(_NAME, position)
    )
