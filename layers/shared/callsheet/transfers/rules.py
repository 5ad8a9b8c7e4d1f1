"""The transfer's state machine as data, and its deadlines."""

from datetime import datetime, timedelta
from enum import StrEnum

from callsheet.kernel.states import StateTable, Transition
from callsheet.transfers.model import TransferStatus

# When money that is due is looked at, and when a reserve's time is over.
LOOK, RELEASE_RESERVE = "transfer.release", "reserve.release"
# While Stripe is asked: how soon somebody looks whether the answer was recorded.
WATCH = timedelta(minutes=2)
_FIRST_RETRY_HOURS, _LAST_RETRY_HOURS = 1, 24
# From here on somebody is woken: Stripe has refused the same money again and again.
STUCK_AFTER_REFUSALS = 5


class TransferAction(StrEnum):
    MAKE_DUE = "make_due"
    PAY = "pay"
    CONFIRM = "confirm"
    REFUSE = "refuse"
    SETTLE = "settle"
    REVERSE = "reverse"


_W, _D, _P, _T, _S = (
    TransferStatus.WAITING,
    TransferStatus.DUE,
    TransferStatus.PAYING,
    TransferStatus.TRANSFERRED,
    TransferStatus.SETTLED,
)
_SYSTEM, _STRIPE = frozenset({"system"}), frozenset({"stripe", "system"})

TRANSFER: StateTable[TransferStatus, TransferAction] = StateTable(
    name="transfer",
    initial=frozenset({_W}),
    terminal=frozenset({_T, _S}),
    transitions=(
        Transition(
            action=TransferAction.MAKE_DUE, source=_W, target=_D, who=_SYSTEM, deadline=LOOK,
            condition="the work is accepted, or a cancelled booking leaves something to the provider",
        ),
        Transition(
            action=TransferAction.PAY, source=_D, target=_P, who=_SYSTEM, deadline=LOOK,
            condition="no hold, no failed close, the account takes transfers, the first bookings have waited",
            effects=("keep the reserve", "net what the provider owes", "transfer the rest"),
        ),
        Transition(
            action=TransferAction.SETTLE, source=_D, target=_S, who=_SYSTEM,
            condition="nothing is left to transfer", effects=("net what the provider owes",),
        ),
        Transition(
            action=TransferAction.CONFIRM, source=_P, target=_T, who=_STRIPE, effects=("post the transfer",),
        ),
        Transition(
            action=TransferAction.REFUSE, source=_P, target=_D, who=_STRIPE, deadline=LOOK,
            condition="Stripe will not make it now", effects=("try again later",),
        ),
        Transition(
            action=TransferAction.MAKE_DUE, source=_T, target=_D, who=_SYSTEM, deadline=LOOK,
            condition="a reserve was released, or a dispute won",
        ),
        Transition(
            action=TransferAction.MAKE_DUE, source=_S, target=_D, who=_SYSTEM, deadline=LOOK,
            condition="a reserve was released, or a dispute won",
        ),
        Transition(
            action=TransferAction.REVERSE, source=_T, target=_T, who=_STRIPE,
            condition="a refund or a lost dispute needs it", effects=("post the reversal",),
        ),
    ),
)  # fmt: skip


def retry_at(refusals: int, now: datetime) -> datetime:
    """When to ask again after so many refusals: an hour, two, four, …, a day at most."""
    return now + timedelta(hours=min(_FIRST_RETRY_HOURS << (refusals - 1), _LAST_RETRY_HOURS))
