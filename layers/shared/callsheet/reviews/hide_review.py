"""Support takes a review away: nobody reads it, and it no longer counts."""

from callsheet.bookings.rules import Party
from callsheet.catalogue.for_reviews import count_out
from callsheet.kernel.principal import Principal
from callsheet.platform.read import get_together
from callsheet.platform.stale import decided_anew
from callsheet.platform.transaction import Transaction
from callsheet.reviews.deps import ReviewsDeps
from callsheet.reviews.events import ReviewHidden
from callsheet.reviews.model import HideReview, Hiding, ModeratedView, Review
from callsheet.reviews.rules import check_is_no_side, said_by, with_said
from callsheet.reviews.store import exchange_from, exchange_key, save_exchange, save_review, stored_review
from callsheet.reviews.views import moderated_view


def hide_review(review_id: str, command: HideReview, caller: Principal, deps: ReviewsDeps) -> ModeratedView:
    """Two reads and one transaction; what is hidden stays as it was hidden first.

    Raises ReviewNotFound, and Forbidden to the two sides of the booking, whatever roles they have.
    """
    return decided_anew(lambda: _hide(review_id, command, caller, deps))


def _hide(review_id: str, command: HideReview, caller: Principal, deps: ReviewsDeps) -> ModeratedView:
    stored = stored_review(review_id)
    review, now = stored.document, deps.clock.now()
    if review.hiding is not None:
        return moderated_view(review)
    hiding = Hiding(reason=command.reason, note=command.note, hidden_by=caller.user_id, hidden_at=now)
    hidden = review.model_copy(update={"hiding": hiding})
    txn = Transaction(caller, now)
    save_review(txn, stored, hidden)
    _hide_from_parties(txn, review, caller)
    if review.by is Party.CLIENT:
        count_out(txn, review.profile_id, review.stars)
    txn.publish(
        ReviewHidden(
            review_id=review.id, booking_id=review.booking_id, profile_id=review.profile_id, by=review.by
        )
    )
    txn.commit()
    return moderated_view(hidden)


def _hide_from_parties(txn: Transaction, review: Review, caller: Principal) -> None:
    (item,) = get_together([exchange_key(review.booking_id)])
    stored = exchange_from(item)
    check_is_no_side(stored.document if stored else None, caller.user_id)
    said = said_by(stored.document, review.by) if stored else None
    if stored is not None and said is not None:
        hidden = said.model_copy(update={"is_hidden": True})
        save_exchange(txn, stored, with_said(stored.document, review.by, hidden))
