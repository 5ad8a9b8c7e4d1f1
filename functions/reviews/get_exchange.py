"""GET /v1/bookings/{booking_id}/reviews: what both sides said, as far as the caller may read it, and until when to."""

from callsheet import wiring
from callsheet.http.endpoint import endpoint
from callsheet.kernel.errors import NotFound
from callsheet.kernel.principal import Principal
from callsheet.reviews.get_exchange import get_exchange
from callsheet.reviews.model import ExchangeView


@endpoint(errors=(NotFound,))
def handler(booking_id: str, caller: Principal) -> ExchangeView:
    return get_exchange(booking_id, caller, wiring.reviews())
