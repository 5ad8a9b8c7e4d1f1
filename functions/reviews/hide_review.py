"""POST /v1/admin/reviews/{review_id}/hide: support takes a review away, which no longer counts then."""

from callsheet import wiring
from callsheet.http.endpoint import endpoint
from callsheet.kernel.principal import Principal
from callsheet.platform.stale import Stale
from callsheet.reviews.errors import ReviewNotFound
from callsheet.reviews.hide_review import hide_review
from callsheet.reviews.model import HideReview, ModeratedView


@endpoint(errors=(ReviewNotFound, Stale))
def handler(review_id: str, body: HideReview, caller: Principal) -> ModeratedView:
    return hide_review(review_id, body, caller, wiring.reviews())
