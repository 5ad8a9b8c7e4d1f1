"""POST /v1/reviews/{review_id}/report: somebody finds a review wrong; it stays until support has looked."""

from callsheet import wiring
from callsheet.http.endpoint import endpoint
from callsheet.kernel.principal import Principal
from callsheet.platform.stale import Stale
from callsheet.reviews.errors import ReviewNotFound
from callsheet.reviews.model import ReportReview, ReviewView
from callsheet.reviews.report_review import report_review


@endpoint(errors=(ReviewNotFound, Stale))
def handler(review_id: str, body: ReportReview, caller: Principal) -> ReviewView:
    return report_review(review_id, body, caller, wiring.reviews())
