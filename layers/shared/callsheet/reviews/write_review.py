"""One side of a completed booking says how it was: sealed until the other has, or two weeks have passed."""

from datetime import datetime

from callsheet.bookings.for_reviews import booking_from, reviewed_key
from callsheet.bookings.rules import Party
from callsheet.kernel.ids import new_id
from callsheet.kernel.principal import Principal
from callsheet.platform.once import claim_and_answer, earlier, record_keys
from callsheet.platform.read import get_together
from callsheet.platform.stale import decided_anew
from callsheet.platform.transaction import Transaction
from callsheet.reviews.deps import ReviewsDeps
from callsheet.reviews.events import ReviewWritten
from callsheet.reviews.model import Exchange, ExchangeView, Said, WriteReview
from callsheet.reviews.revealing import unseal
from callsheet.reviews.rules import (
    REVEAL_DEADLINE,
    begun,
    check_may_review,
    is_to_be_revealed,
    is_whole,
    party_of,
    said_by,
    with_said,
)
from callsheet.reviews.store import exchange_from, exchange_key, save_exchange
from callsheet.reviews.views import exchange_view


def write_review(booking_id: str, command: WriteReview, caller: Principal, deps: ReviewsDeps) -> ExchangeView:
    """One batch read and one transaction, again where the other side was faster.

    Raises NotFound for strangers, NotReviewable, AlreadyReviewed, ReviewWindowClosed.
    """
    return decided_anew(lambda: _write(booking_id, command, caller, deps.clock.now()))


def _write(booking_id: str, command: WriteReview, caller: Principal, now: datetime) -> ExchangeView:
    key = caller.request_key
    found, before, *records = get_together(
        [reviewed_key(booking_id), exchange_key(booking_id), *record_keys(key)]
    )
    answered = earlier(ExchangeView, records[0] if records else None, key, now)
    if isinstance(answered, ExchangeView):
        return answered
    booking, stored = booking_from(found), exchange_from(before)
    by = party_of(booking, caller.user_id)
    check_may_review(booking, stored.document if stored else None, by, now)
    exchange = stored.document if stored else begun(booking, now)
    shown = _shown(exchange)
    said = Said(id=new_id("rev"), stars=command.stars, words=command.words, written_at=now)
    exchange = with_said(exchange, by, said)
    txn = Transaction(caller, now)
    if is_to_be_revealed(exchange, now):
        exchange = unseal(txn, exchange, shown, now)
    view = exchange_view(booking, exchange, by, now)
    claim_and_answer(txn, key, view, now)
    save_exchange(txn, stored, exchange)
    if stored is None:
        txn.due(REVEAL_DEADLINE, booking.id, exchange.reveal_at)
    txn.publish(
        ReviewWritten(
            review_id=said.id,
            booking_id=booking.id,
            profile_id=booking.profile_id,
            by=by,
            client_id=booking.client_id,
            provider_id=booking.provider_id,
            is_answered=is_whole(exchange),
        )
    )
    txn.commit()
    return view


def _shown(exchange: Exchange) -> frozenset[Party]:
    """The sides that were revealed before."""
    if exchange.revealed_at is None:
        return frozenset()
    return frozenset(party for party in Party if said_by(exchange, party) is not None)
