"""The state machine of a dispute as data: what a cardholder's bank asks, and how it decides."""

from enum import StrEnum

from callsheet.gateways.disputes import DisputeStatus
from callsheet.kernel.states import StateTable, Transition


class DisputeAction(StrEnum):
    WITHDRAW = "withdraw"
    END = "end"
    REVIEW = "review"
    WIN = "win"
    LOSE = "lose"


_I, _E, _N, _R, _W, _L = (
    DisputeStatus.INQUIRY,
    DisputeStatus.INQUIRY_CLOSED,
    DisputeStatus.NEEDS_RESPONSE,
    DisputeStatus.UNDER_REVIEW,
    DisputeStatus.WON,
    DisputeStatus.LOST,
)
_STRIPE = frozenset({"stripe"})
_CHECK = "dispute.check"
_BACK = ("post what came back", "let the payout go", "resume a refund that it overtook")
_GONE = ("post who bears it", "let what is left of the payout go")

DISPUTE: StateTable[DisputeStatus, DisputeAction] = StateTable(
    name="dispute",
    initial=frozenset({_I, _N}),
    terminal=frozenset({_E, _W, _L}),
    transitions=(
        Transition(
            action=DisputeAction.WITHDRAW, source=_I, target=_N, who=_STRIPE, deadline=_CHECK,
            condition="the bank has taken the money after all",
            effects=("post what was taken and its fee", "hold the payout"),
        ),
        Transition(action=DisputeAction.END, source=_I, target=_E, who=_STRIPE, condition="the bank asks no more"),
        Transition(
            action=DisputeAction.REVIEW, source=_N, target=_R, who=_STRIPE, deadline=_CHECK,
            condition="the bank has the evidence",
        ),
        Transition(action=DisputeAction.WIN, source=_N, target=_W, who=_STRIPE, effects=_BACK),
        Transition(action=DisputeAction.WIN, source=_R, target=_W, who=_STRIPE, effects=_BACK),
        Transition(
            action=DisputeAction.LOSE, source=_N, target=_L, who=_STRIPE, effects=_GONE,
            condition="nobody answered in time, or the dispute was accepted",
        ),
        Transition(action=DisputeAction.LOSE, source=_R, target=_L, who=_STRIPE, effects=_GONE),
    ),
)  # fmt: skip
