"""POST /v1/admin/bookings/{booking_id}/refunds/{refund_id}/reject: a second person does not agree."""

from callsheet import wiring
from callsheet.bookings.decide_refund import Decision, decide_refund
from callsheet.bookings.errors import ProposalLapsed, RefundDecided, SecondPersonNeeded
from callsheet.bookings.refunds import DecideRefund, Refund
from callsheet.http.endpoint import endpoint
from callsheet.kernel.errors import NotFound
from callsheet.kernel.principal import Principal

_DEPS = wiring.refunding()  # Stripe's SDK loads while the function starts


@endpoint(errors=(NotFound, SecondPersonNeeded, ProposalLapsed, RefundDecided))
def handler(booking_id: str, refund_id: str, body: DecideRefund, caller: Principal) -> Refund:
    decision = Decision(booking_id=booking_id, refund_id=refund_id, is_approved=False, reason=body.reason)
    return decide_refund(decision, caller, _DEPS)
