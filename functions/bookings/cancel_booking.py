"""POST /v1/bookings/{booking_id}/cancel: call it off; after acceptance the policy snapshot says what goes back."""

from callsheet import wiring
from callsheet.bookings.cancel_booking import cancel_booking
from callsheet.bookings.errors import CaptureUnderWay, PaymentDisputed, SessionOver
from callsheet.bookings.model import BookingView, CancelBooking, CancelRequest
from callsheet.http.endpoint import endpoint
from callsheet.kernel.errors import IllegalTransition
from callsheet.kernel.principal import Principal

_DEPS = wiring.refunding()  # Stripe's SDK loads while the function starts


@endpoint(errors=(IllegalTransition, CaptureUnderWay, SessionOver, PaymentDisputed))
def handler(booking_id: str, body: CancelRequest, caller: Principal) -> BookingView:
    return cancel_booking(CancelBooking.of(booking_id, body), caller, _DEPS)
