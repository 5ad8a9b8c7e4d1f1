"""POST /v1/bookings/{booking_id}/complete: the client accepts the work; the provider's money is due."""

from callsheet import wiring
from callsheet.bookings.complete_booking import complete_booking
from callsheet.bookings.errors import SessionNotOver
from callsheet.bookings.model import BookingView
from callsheet.http.endpoint import endpoint
from callsheet.kernel.errors import IllegalTransition
from callsheet.kernel.principal import Principal


@endpoint(errors=(IllegalTransition, SessionNotOver))
def handler(booking_id: str, caller: Principal) -> BookingView:
    return complete_booking(booking_id, caller, wiring.bookings())
