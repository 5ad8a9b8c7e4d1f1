"""The transfer's state machine as data, and the decision what of the money that is due is paid now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from callsheet.kernel.money import Money, zero
from callsheet.kernel.states import StateTable, Transition
from callsheet.ledger.accounts import provider_payable
from callsheet.ledger.model import Entry
from callsheet.transfers.model import Delay, Standing, Transfer, TransferStatus

# numbers.md: the first five bookings wait seven days.
FIRST_TRANSFERS, FIRST_WAIT = 5, timedelta(days=7)
# While Stripe is asked: how soon somebody looks whether the answer was recorded.
WATCH = timedelta(minutes=2)
# A hold and an account are lifted by somebody, who has it looked at again at once; this is for what went unheard.
_HELD, _NOT_READY, _CLOSE = timedelta(days=1), timedelta(hours=6), timedelta(hours=1)
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
_LOOK = "transfer.release"

TRANSFER: StateTable[TransferStatus, TransferAction] = StateTable(
    name="transfer",
    initial=frozenset({_W}),
    terminal=frozenset({_T, _S}),
    transitions=(
        Transition(
            action=TransferAction.MAKE_DUE, source=_W, target=_D, who=_SYSTEM, deadline=_LOOK,
            condition="the work is accepted, or a cancelled booking leaves something to the provider",
        ),
        Transition(
            action=TransferAction.PAY, source=_D, target=_P, who=_SYSTEM, deadline=_LOOK,
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
            action=TransferAction.REFUSE, source=_P, target=_D, who=_STRIPE, deadline=_LOOK,
            condition="Stripe will not make it now", effects=("try again later",),
        ),
        Transition(
            action=TransferAction.MAKE_DUE, source=_T, target=_D, who=_SYSTEM, deadline=_LOOK,
            condition="a reserve was released, or a dispute won",
        ),
        Transition(
            action=TransferAction.MAKE_DUE, source=_S, target=_D, who=_SYSTEM, deadline=_LOOK,
            condition="a reserve was released, or a dispute won",
        ),
        Transition(
            action=TransferAction.REVERSE, source=_T, target=_T, who=_STRIPE,
            condition="a refund or a lost dispute needs it", effects=("post the reversal",),
        ),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Later:
    """Nothing is paid now, and why."""

    delay: Delay
    until: datetime


@dataclass(frozen=True, slots=True)
class Payout:
    """What is paid now, and what of the payable goes elsewhere; `amount` may be zero."""

    amount: Money
    reserve: Money
    netted: Money


type Plan = Later | Payout


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What a plan depends on besides the transfer itself."""

    payable: Money
    owed: Money
    standing: Standing
    transfers_before: int
    is_account_ready: bool
    is_gate_open: bool


def plan(transfer: Transfer, seen: Circumstances, now: datetime) -> Plan:
    """What becomes of money that is due: payable less reserve (rounded down), less what the provider owes."""
    if transfer.holds or transfer.reversal is not None:
        return Later(Delay.HELD, now + _HELD)
    if seen.payable.amount_minor <= 0:
        nothing = zero(transfer.currency)
        return Payout(nothing, nothing, nothing)
    if not seen.is_gate_open:
        return Later(Delay.CLOSE_FAILED, now + _CLOSE)
    if (until := _first_wait(transfer, seen)) is not None and now < until:
        return Later(Delay.NEW_PROVIDER, until)
    if not seen.is_account_ready:
        return Later(Delay.ACCOUNT_NOT_READY, now + _NOT_READY)
    reserve = _reserve(transfer, seen)
    netted = min(seen.owed, seen.payable - reserve)
    return Payout(seen.payable - reserve - netted, reserve, netted)


def _first_wait(transfer: Transfer, seen: Circumstances) -> datetime | None:
    if transfer.due_at is None or seen.transfers_before >= FIRST_TRANSFERS:
        return None
    return transfer.due_at + FIRST_WAIT


def _reserve(transfer: Transfer, seen: Circumstances) -> Money:
    """Of what a reserve has released before, none is kept again."""
    if transfer.was_reserved:
        return zero(transfer.currency)
    return Money.of(seen.payable.amount_minor * seen.standing.reserve_percent // 100, transfer.currency)


def retry_at(refusals: int, now: datetime) -> datetime:
    """When to ask again after so many refusals: an hour, two, four, …, a day at most."""
    return now + timedelta(hours=min(_FIRST_RETRY_HOURS << (refusals - 1), _LAST_RETRY_HOURS))


def payable_of(entries: Iterable[Entry], provider_id: str, currency: str) -> Money:
    """What a booking's entries leave to its provider: credits are what is owed to them."""
    account = provider_payable(provider_id)
    owed = -sum(
        posting.amount.amount_minor
        for entry in entries
        for posting in entry.postings
        if posting.account == account and posting.amount.currency == currency
    )
    return Money.of(owed, currency)


def reversals_for(transfer: Transfer, amount: Money) -> Sequence[tuple[int, Money]]:
    """From which legs `amount` is taken back, the latest first: (leg number, part). At most what was transferred."""
    parts: list[tuple[int, Money]] = []
    left = amount
    for leg in reversed(transfer.legs):
        part = min(left, leg.left)
        if part.amount_minor > 0:
            parts.append((leg.number, part))
            left -= part
    return parts
