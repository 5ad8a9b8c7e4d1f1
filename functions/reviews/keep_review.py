"""POST /v1/admin/reviews/{review_id}/keep: support has looked at what was reported, and the review stays."""

from callsheet import wiring
from callsheet.http.endpoint import endpoint
from callsheet.kernel.principal import Principal
from callsheet.platform.stale import Stale
from callsheet.reviews.errors import ReviewNotFound
from callsheet.reviews.keep_review import NotReported, keep_review
from callsheet.reviews.model import ModeratedView


@endpoint(errors=(ReviewNotFound, NotReported, Stale))
def handler(review_id: str, caller: Principal) -> ModeratedView:
    return keep_review(review_id, caller, wiring.reviews())
