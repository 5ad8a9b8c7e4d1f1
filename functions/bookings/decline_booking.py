"""POST /v1/bookings/{booking_id}/decline: the provider says no; slots and payment are released."""

from callsheet import wiring
from callsheet.bookings.decline_booking import decline_booking
from callsheet.bookings.errors import CaptureUnderWay
from callsheet.bookings.model import BookingView
from callsheet.http.endpoint import endpoint
from callsheet.kernel.errors import IllegalTransition
from callsheet.kernel.principal import Principal

_DEPS = wiring.charging()  # Stripe's SDK loads while the function starts


@endpoint(errors=(IllegalTransition, CaptureUnderWay))
def handler(booking_id: str, caller: Principal) -> BookingView:
    return decline_booking(booking_id, caller, _DEPS)
