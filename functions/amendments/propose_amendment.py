"""POST /v1/bookings/{booking_id}/amendments: something comes on top, a change order of either side or overtime."""

from callsheet import wiring
from callsheet.amendments.errors import (
    AmendmentTooLarge,
    AmendmentTooSmall,
    NoSession,
    OtherCurrency,
    OvertimeIsReportedByProviders,
    TooManyAmendments,
)
from callsheet.amendments.model import AmendmentView, Proposal, ProposalRequest
from callsheet.amendments.propose_amendment import propose_amendment
from callsheet.bookings.errors import (
    AcceptanceWindowClosed,
    AmountTooLarge,
    PaymentDisputed,
    ProblemOpen,
    SessionNotStarted,
)
from callsheet.gateways.errors import (
    InvalidPaymentMethod,
    PaymentDeclined,
    PaymentsUnavailable,
    TaxPlaceUnknown,
)
from callsheet.http.endpoint import endpoint
from callsheet.kernel.errors import IllegalTransition
from callsheet.kernel.principal import Principal

_DEPS = wiring.ordering()  # Stripe's SDK loads while the function starts


@endpoint(
    status=201,
    errors=(
        IllegalTransition,
        PaymentDisputed,
        ProblemOpen,
        TooManyAmendments,
        AmendmentTooLarge,
        AmendmentTooSmall,
        AmountTooLarge,
        OtherCurrency,
        OvertimeIsReportedByProviders,
        NoSession,
        SessionNotStarted,
        AcceptanceWindowClosed,
        PaymentDeclined,
        InvalidPaymentMethod,
        PaymentsUnavailable,
        TaxPlaceUnknown,
    ),
)
def handler(booking_id: str, body: ProposalRequest, caller: Principal) -> AmendmentView:
    return propose_amendment(Proposal.of(booking_id, body), caller, _DEPS)
