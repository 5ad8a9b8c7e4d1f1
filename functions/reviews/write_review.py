"""POST /v1/bookings/{booking_id}/reviews: one side of a completed booking says how it was.

Within 60 days of completion, once, and not changed afterwards. The other side reads it when it has written its own,
or two weeks after the first of the two.
"""

from callsheet import wiring
from callsheet.http.endpoint import endpoint
from callsheet.kernel.errors import NotFound
from callsheet.kernel.principal import Principal
from callsheet.platform.stale import Stale
from callsheet.reviews.errors import AlreadyReviewed, NotReviewable, ReviewWindowClosed
from callsheet.reviews.model import ExchangeView, WriteReview
from callsheet.reviews.write_review import write_review


@endpoint(status=201, errors=(NotFound, NotReviewable, AlreadyReviewed, ReviewWindowClosed, Stale))
def handler(booking_id: str, body: WriteReview, caller: Principal) -> ExchangeView:
    return write_review(booking_id, body, caller, wiring.reviews())
