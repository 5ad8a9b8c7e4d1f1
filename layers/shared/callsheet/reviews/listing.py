"""One page of what is said of somebody: of a profile and of a client it is listed in one way."""

from callsheet.kernel.page import PageQuery
from callsheet.reviews.deps import ReviewsDeps
from callsheet.reviews.model import ReviewPage
from callsheet.reviews.store import reviews_of
from callsheet.reviews.views import review_view


def page_about(subject_id: str, query: PageQuery, deps: ReviewsDeps) -> ReviewPage:
    cursors, name = deps.cursors(), f"reviews:{subject_id}"
    reviews, position = reviews_of(subject_id, cursors.read(name, query.cursor), query.limit)
    return ReviewPage(
        items=tuple(review_view(review) for review in reviews), next_cursor=cursors.write(name, position)
    )
