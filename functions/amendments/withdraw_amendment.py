"""POST /v1/bookings/{booking_id}/amendments/{amendment_id}/withdraw: who proposed it takes it back."""

from callsheet import wiring
from callsheet.amendments.end_amendment import withdraw_amendment
from callsheet.amendments.model import AmendmentView, Answer
from callsheet.bookings.errors import CaptureUnderWay
from callsheet.http.endpoint import endpoint
from callsheet.kernel.errors import IllegalTransition, NotFound
from callsheet.kernel.principal import Principal

_DEPS = wiring.charging()  # Stripe's SDK loads while the function starts


@endpoint(errors=(NotFound, IllegalTransition, CaptureUnderWay))
def handler(booking_id: str, amendment_id: str, caller: Principal) -> AmendmentView:
    return withdraw_amendment(Answer(booking_id=booking_id, amendment_id=amendment_id), caller, _DEPS)
