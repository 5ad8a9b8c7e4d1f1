"""Support has looked at a review that was reported, and it stays."""

from callsheet.kernel.errors import Conflict
from callsheet.kernel.principal import Principal
from callsheet.platform.read import get_together
from callsheet.platform.stale import decided_anew
from callsheet.platform.transaction import Transaction
from callsheet.reviews.deps import ReviewsDeps
from callsheet.reviews.errors import ReviewNotFound
from callsheet.reviews.model import ModeratedView
from callsheet.reviews.rules import check_is_no_side
from callsheet.reviews.store import exchange_from, exchange_key, save_review, stored_review
from callsheet.reviews.views import moderated_view


class NotReported(Conflict):
    code, title = "not_reported", "Nobody has reported this review"


def keep_review(review_id: str, caller: Principal, deps: ReviewsDeps) -> ModeratedView:
    """Two reads and one transaction; what is kept stays as it was kept first.

    Raises ReviewNotFound also for what is hidden, NotReported, and Forbidden to the two sides of the booking, whatever
    roles they have.
    """
    return decided_anew(lambda: _keep(review_id, caller, deps))


def _keep(review_id: str, caller: Principal, deps: ReviewsDeps) -> ModeratedView:
    stored = stored_review(review_id)
    review, now = stored.document, deps.clock.now()
    if review.hiding is not None:
        raise ReviewNotFound
    if review.report is None:
        raise NotReported
    if review.report.kept_at is not None:
        return moderated_view(review)
    (item,) = get_together([exchange_key(review.booking_id)])
    exchange = exchange_from(item)
    check_is_no_side(exchange.document if exchange else None, caller.user_id)
    report = review.report.model_copy(update={"kept_by": caller.user_id, "kept_at": now})
    kept = review.model_copy(update={"report": report})
    txn = Transaction(caller, now)
    save_review(txn, stored, kept)
    txn.commit()
    return moderated_view(kept)
