"""GET /v1/bookings/{booking_id}: one booking, for its parties and staff."""

from callsheet import wiring
from callsheet.bookings.get_booking import get_booking
from callsheet.bookings.model import BookingView
from callsheet.http.endpoint import endpoint
from callsheet.kernel.principal import Principal


@endpoint()
def handler(booking_id: str, caller: Principal) -> BookingView:
    return get_booking(booking_id, caller, wiring.bookings())
