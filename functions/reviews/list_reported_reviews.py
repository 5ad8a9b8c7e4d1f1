"""GET /v1/admin/reviews/reported: reviews that somebody has reported and support has still to look at."""

from callsheet import wiring
from callsheet.http.endpoint import endpoint
from callsheet.kernel.errors import InvalidCursor
from callsheet.kernel.page import PageQuery
from callsheet.reviews.list_reported_reviews import list_reported_reviews
from callsheet.reviews.model import ReportedPage


@endpoint(errors=(InvalidCursor,))
def handler(query: PageQuery) -> ReportedPage:
    return list_reported_reviews(query, wiring.reviews())
