"""The state machine of refunds that support asks for (the booking's own stands in `rules.py`)."""

from enum import StrEnum

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
