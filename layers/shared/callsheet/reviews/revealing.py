"""Unsealing an exchange: what was said becomes reviews, and the client's counts in the profile's rating."""

from datetime import datetime

from callsheet.bookings.rules import Party
from callsheet.catalogue.for_reviews import count_in
from callsheet.platform.transaction import Transaction
from callsheet.reviews.events import ReviewRevealed
from callsheet.reviews.model import Exchange, Review
from callsheet.reviews.rules import is_whole, revealed
from callsheet.reviews.store import add_review


def unseal(txn: Transaction, exchange: Exchange, shown: frozenset[Party], now: datetime) -> Exchange:
    """The exchange as it is then; `shown` are the sides that everybody reads already.

    The exchange's own version, in the same transaction, has each review counted once.
    """
    for party in Party:
        review = revealed(exchange, party, now)
        if review is not None and party not in shown:
            _reveal(txn, exchange, review)
    return exchange.model_copy(update={"revealed_at": exchange.revealed_at or now})


def _reveal(txn: Transaction, exchange: Exchange, review: Review) -> None:
    add_review(txn, review)
    if review.by is Party.CLIENT:
        count_in(txn, review.profile_id, review.stars)
    txn.publish(
        ReviewRevealed(
            review_id=review.id,
            booking_id=review.booking_id,
            profile_id=review.profile_id,
            by=review.by,
            client_id=exchange.client_id,
            provider_id=exchange.provider_id,
            is_answered=is_whole(exchange),
            stars=review.stars,
        )
    )
