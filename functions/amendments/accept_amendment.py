"""POST /v1/bookings/{booking_id}/amendments/{amendment_id}/accept: the other side consents, and it is paid."""

from callsheet import wiring
from callsheet.amendments.accept_amendment import accept_amendment
from callsheet.amendments.model import AmendmentView, Answer, ConsentRequest
from callsheet.bookings.errors import (
    AuthorizationExpired,
    EndedMeanwhile,
    PaymentFailedMeanwhile,
    PaymentNotAuthorized,
    ProblemOpen,
    RequestLapsed,
)
from callsheet.gateways.errors import InvalidPaymentMethod, PaymentDeclined
from callsheet.http.endpoint import endpoint
from callsheet.kernel.errors import IllegalTransition, NotFound
from callsheet.kernel.principal import Principal

_DEPS = wiring.charging()  # Stripe's SDK loads while the function starts


@endpoint(
    errors=(
        NotFound,
        IllegalTransition,
        RequestLapsed,
        AuthorizationExpired,
        PaymentFailedMeanwhile,
        EndedMeanwhile,
        ProblemOpen,
        PaymentNotAuthorized,
        PaymentDeclined,
        InvalidPaymentMethod,
    )
)
def handler(booking_id: str, amendment_id: str, body: ConsentRequest, caller: Principal) -> AmendmentView:
    return accept_amendment(Answer.of(booking_id, amendment_id, body), caller, _DEPS)
