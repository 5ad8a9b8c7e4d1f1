"""The reviews of a booking, as one of its parties sees them."""

from callsheet.kernel.errors import NotFound
from callsheet.kernel.principal import Principal
from callsheet.reviews.deps import ReviewsDeps
from callsheet.reviews.get_exchanges import get_exchanges
from callsheet.reviews.model import ExchangeView


def get_exchange(booking_id: str, caller: Principal, deps: ReviewsDeps) -> ExchangeView:
    """One batch read. Raises NotFound for strangers."""
    found = get_exchanges([booking_id], caller, deps)
    if booking_id not in found:
        raise NotFound("There is no such booking, or it is not yours to see")
    return found[booking_id]
