"""The reviews of a booking, as one of its parties sees them."""

from callsheet.bookings.for_reviews import booking_from, reviewed_key
from callsheet.kernel.principal import Principal
from callsheet.platform.read import get_together
from callsheet.reviews.deps import ReviewsDeps
from callsheet.reviews.model import ExchangeView
from callsheet.reviews.rules import party_of
from callsheet.reviews.store import exchange_from, exchange_key
from callsheet.reviews.views import exchange_view


def get_exchange(booking_id: str, caller: Principal, deps: ReviewsDeps) -> ExchangeView:
    """One batch read. Raises NotFound for strangers."""
    found, item = get_together([reviewed_key(booking_id), exchange_key(booking_id)])
    booking, stored = booking_from(found), exchange_from(item)
    by = party_of(booking, caller.user_id)
    return exchange_view(booking, stored.document if stored else None, by, deps.clock.now())
