"""The state machine of a payout from a provider's account to their bank, as data."""

from enum import StrEnum

from callsheet.gateways.payouts import BankPayoutStatus
from callsheet.kernel.states import StateTable, Transition

# When somebody looks at payouts that have been quiet.
CHECK = "payout.check"


class BankPayoutAction(StrEnum):
    SEND = "send"
    PAY = "pay"
    FAIL = "fail"
    CANCEL = "cancel"


_N, _T, _P, _F, _C = (
    BankPayoutStatus.PENDING,
    BankPayoutStatus.IN_TRANSIT,
    BankPayoutStatus.PAID,
    BankPayoutStatus.FAILED,
    BankPayoutStatus.CANCELED,
)
_STRIPE = frozenset({"stripe"})
_FEE, _TOLD = ("post the fee of an instant payout",), ("tell the provider",)

BANK_PAYOUT: StateTable[BankPayoutStatus, BankPayoutAction] = StateTable(
    name="bank_payout",
    initial=frozenset({_N}),
    terminal=frozenset({_P, _F, _C}),
    transitions=(
        Transition(action=BankPayoutAction.SEND, source=_N, target=_T, who=_STRIPE, deadline=CHECK),
        Transition(action=BankPayoutAction.PAY, source=_N, target=_P, who=_STRIPE, effects=_FEE),
        Transition(action=BankPayoutAction.PAY, source=_T, target=_P, who=_STRIPE, effects=_FEE),
        Transition(action=BankPayoutAction.FAIL, source=_N, target=_F, who=_STRIPE, effects=_TOLD),
        Transition(action=BankPayoutAction.FAIL, source=_T, target=_F, who=_STRIPE, effects=_TOLD),
        Transition(
            action=BankPayoutAction.FAIL, source=_P, target=_F, who=_STRIPE, effects=_TOLD,
            condition="the bank has sent the money back after all",
        ),
        Transition(action=BankPayoutAction.CANCEL, source=_N, target=_C, who=_STRIPE),
        Transition(action=BankPayoutAction.CANCEL, source=_T, target=_C, who=_STRIPE),
    ),
)  # fmt: skip
