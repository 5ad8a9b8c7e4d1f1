"""The state machines of refunds that support asks for, and of amendments (the booking's own stands in `rules.py`)."""

from enum import StrEnum

from callsheet.bookings.rules import BookingStatus
from callsheet.kernel.states import StateTable, Transition


class RefundStatus(StrEnum):
    PROPOSED = "proposed"  # waits for a second person
    APPROVED = "approved"
    REJECTED = "rejected"
    LAPSED = "lapsed"


class RefundAction(StrEnum):
    APPROVE = "approve"
    REJECT = "reject"
    LAPSE = "lapse"


_PROPOSED, _SECOND = RefundStatus.PROPOSED, frozenset({"second person"})

REFUND: StateTable[RefundStatus, RefundAction] = StateTable(
    name="refund",
    initial=frozenset({_PROPOSED, RefundStatus.APPROVED}),
    terminal=frozenset({RefundStatus.APPROVED, RefundStatus.REJECTED, RefundStatus.LAPSED}),
    transitions=(
        Transition(
            action=RefundAction.APPROVE, source=_PROPOSED, target=RefundStatus.APPROVED, who=_SECOND,
            condition="so much is left, and nothing else goes back",
            effects=("take back what the provider was paid", "refund", "post the refund"),
        ),
        Transition(action=RefundAction.REJECT, source=_PROPOSED, target=RefundStatus.REJECTED, who=_SECOND),
        Transition(
            action=RefundAction.LAPSE, source=_PROPOSED, target=RefundStatus.LAPSED, who=frozenset({"system"}),
            condition="seven days after it was proposed",
        ),
    ),
)  # fmt: skip


class AmendmentAction(StrEnum):
    AUTHORIZE = "authorize"
    CONSENT = "consent"
    ACCEPT = "accept"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"
    FAIL_PAYMENT = "fail_payment"
    COMPLETE = "complete"
    CANCEL = "cancel"


_P, _A, _D, _C = (
    BookingStatus.PENDING,
    BookingStatus.ACCEPTED,
    BookingStatus.COMPLETED,
    BookingStatus.CANCELLED,
)
_PROPOSER, _OTHER = frozenset({"proposer"}), frozenset({"other side"})
_SYSTEM, _STRIPE = frozenset({"system"}), frozenset({"stripe"})
_VOIDED = ("void the authorisation",)
_FOLLOWS = "booking.amendments"

AMENDMENT: StateTable[BookingStatus, AmendmentAction] = StateTable(
    name="amendment",
    initial=frozenset({_P}),
    terminal=frozenset({_D, _C}),
    transitions=(
        Transition(
            action=AmendmentAction.AUTHORIZE, source=_P, target=_P, who=_STRIPE, deadline="booking.answer",
            condition="the client has agreed, and their bank",
            effects=("capture the payment where both sides have agreed",),
        ),
        Transition(
            action=AmendmentAction.CONSENT, source=_P, target=_P, who=_OTHER, deadline="payment.check",
            condition="the booking is accepted, the proposal has not lapsed",
            effects=("authorise the payment where the client consents", "capture it"),
        ),
        Transition(
            action=AmendmentAction.ACCEPT, source=_P, target=_A, who=_STRIPE, deadline=_FOLLOWS,
            condition="both sides have agreed, and the payment is captured", effects=("post the capture",),
        ),
        Transition(action=AmendmentAction.DECLINE, source=_P, target=_C, who=_OTHER, effects=_VOIDED),
        Transition(action=AmendmentAction.WITHDRAW, source=_P, target=_C, who=_PROPOSER, effects=_VOIDED),
        Transition(
            action=AmendmentAction.EXPIRE, source=_P, target=_C, who=_SYSTEM, effects=_VOIDED,
            condition="a day has passed, or its booking is over, and no capture is under way",
        ),
        Transition(action=AmendmentAction.FAIL_PAYMENT, source=_P, target=_C, who=_STRIPE, effects=_VOIDED),
        Transition(
            action=AmendmentAction.COMPLETE, source=_A, target=_D, who=_SYSTEM,
            condition="its booking is completed", effects=("earn the fees", "owe the provider"),
        ),
        Transition(
            action=AmendmentAction.CANCEL, source=_A, target=_C, who=_SYSTEM,
            condition="its booking is cancelled",
            effects=("refund the share its booking refunds", "earn the fees that stay"),
        ),
    ),
)  # fmt: skip
