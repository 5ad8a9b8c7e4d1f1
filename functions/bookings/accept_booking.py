"""POST /v1/bookings/{booking_id}/accept: the provider says yes, and the payment is captured."""

from callsheet import wiring
from callsheet.bookings.accept_booking import accept_booking
from callsheet.bookings.errors import (
    AuthorizationExpired,
    EndedMeanwhile,
    PaymentNotAuthorized,
    RequestLapsed,
)
from callsheet.bookings.model import BookingView
from callsheet.connect.errors import PayoutsNotEnabled
from callsheet.gateways.errors import PaymentsUnavailable
from callsheet.http.endpoint import endpoint
from callsheet.kernel.errors import IllegalTransition
from callsheet.kernel.principal import Principal

_DEPS = wiring.charging()  # Stripe's SDK loads while the function starts


@endpoint(
    errors=(
        IllegalTransition,
        PaymentNotAuthorized,
        RequestLapsed,
        PayoutsNotEnabled,
        AuthorizationExpired,
        EndedMeanwhile,
        PaymentsUnavailable,
    )
)
def handler(booking_id: str, caller: Principal) -> BookingView:
    return accept_booking(booking_id, caller, _DEPS)
