"""The decision what of the money that is due is paid now: pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from callsheet.kernel.money import Money, zero
from callsheet.transfers.model import Delay, Standing, Transfer

# numbers.md: the first five bookings wait seven days.
FIRST_TRANSFERS, FIRST_WAIT = 5, timedelta(days=7)
# A hold and an account are lifted by somebody, who has it looked at again at once; this is for what went unheard.
_HELD, _NOT_READY, _CLOSE = timedelta(days=1), timedelta(hours=6), timedelta(hours=1)


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
