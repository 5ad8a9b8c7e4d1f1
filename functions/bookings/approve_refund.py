"""POST /v1/admin/bookings/{booking_id}/refunds/{refund_id}/approve: a second person agrees, and the money goes back."""

from callsheet import wiring
from callsheet.bookings.decide_refund import Decision, decide_refund
from callsheet.bookings.errors import (
    NothingToRefund,
    PaymentDisputed,
    ProposalLapsed,
    RefundDecided,
    RefundUnderWay,
    SecondPersonNeeded,
)
from callsheet.bookings.refunds import DecideRefund, Refund
from callsheet.http.endpoint import endpoint
from callsheet.kernel.errors import NotFound
from callsheet.kernel.principal import Principal
from callsheet.transfers.take_back import TransferUnderWay

_DEPS = wiring.refunding()  # Stripe's SDK loads while the function starts


@endpoint(
    errors=(
        NotFound,
        SecondPersonNeeded,
        ProposalLapsed,
        RefundDecided,
        NothingToRefund,
        RefundUnderWay,
        PaymentDisputed,
        TransferUnderWay,
    )
)
def handler(booking_id: str, refund_id: str, body: DecideRefund, caller: Principal) -> Refund:
    decision = Decision(booking_id=booking_id, refund_id=refund_id, is_approved=True, reason=body.reason)
    return decide_refund(decision, caller, _DEPS)
