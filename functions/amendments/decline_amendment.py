"""POST /v1/bookings/{booking_id}/amendments/{amendment_id}/decline: the other side says no."""

from callsheet import wiring
from callsheet.amendments.end_amendment import decline_amendment
from callsheet.amendments.model import AmendmentView, Answer
from callsheet.bookings.errors import CaptureUnderWay
from callsheet.http.endpoint import endpoint
from callsheet.kernel.errors import IllegalTransition, NotFound
from callsheet.kernel.principal import Principal

_DEPS = wiring.charging()  # Stripe's SDK loads while the function starts


@endpoint(errors=(NotFound, IllegalTransition, CaptureUnderWay))
def handler(booking_id: str, amendment_id: str, caller: Principal) -> AmendmentView:
    return decline_amendment(Answer(booking_id=booking_id, amendment_id=amendment_id), caller, _DEPS)
