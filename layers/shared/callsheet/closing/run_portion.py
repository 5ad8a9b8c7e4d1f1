"""A portion of a run: as much as fits well into one call of a function, each step of it a transaction.

A step writes what it found together with how far the run is: after a crash the next message goes on behind the last
step, and of two that work at once one loses its step and leaves the run to the other.
"""

from datetime import date
from enum import StrEnum

from callsheet.closing.collecting import collect
from callsheet.closing.comparing import compare_next
from callsheet.closing.deps import BalancingDeps
from callsheet.closing.errors import DifferenceDecided
from callsheet.closing.model import CloseStatus, Phase
from callsheet.closing.queueing import send_next
from callsheet.closing.rules import STALL_DEADLINE, STALLS_AFTER
from callsheet.closing.settling import settle
from callsheet.closing.store import CloseItem, stored_close
from callsheet.kernel.principal import Principal
from callsheet.ledger.payout_gate import shut
from callsheet.platform.stale import Stale
from callsheet.platform.transaction import Transaction

# Calls to Stripe, or queries that fill a page: at Stripe's usual third of a second, ten seconds of 120.
BUDGET = 30


class Portion(StrEnum):
    MOVED = "moved"  # there is more to do, and a message that asks for it
    ENDED = "ended"
    LEFT = "left"  # the run is over, was begun anew, or is in other hands


def run_portion(
    day: date, attempt: int, caller: Principal, deps: BalancingDeps, budget: int = BUDGET
) -> Portion:
    """Raises PaymentsUnavailable where Stripe does not answer; what was done by then stays done."""
    stored = stored_close(day)
    if stored is None or stored.document.attempt != attempt:
        return Portion.LEFT
    if stored.document.status is not CloseStatus.RUNNING:
        return Portion.LEFT
    spent = 0
    try:
        while spent < budget and stored.document.status is CloseStatus.RUNNING:
            spent += _step(stored, caller, deps)
    except DifferenceDecided:
        send_next(stored.document, caller)  # the same chunk again, with what was decided
        return Portion.MOVED
    except Stale:
        return Portion.LEFT
    if stored.document.status is not CloseStatus.RUNNING:
        return Portion.ENDED
    send_next(stored.document, caller)
    return Portion.MOVED


def give_up_waiting(day: date, caller: Principal, deps: BalancingDeps) -> bool:
    """The deadline of a run: one that has not ended by now has failed, so payouts wait for it.

    It is sent for again. False where it has ended.
    """
    stored, now = stored_close(day), deps.clock.now()
    if stored is None or stored.document.status is not CloseStatus.RUNNING:
        return False
    if now < stored.document.started_at + STALLS_AFTER:
        return False  # the deadline of an earlier run; this one has its own
    txn = Transaction(caller, now)
    shut(txn, day.isoformat())
    txn.due(STALL_DEADLINE, day.isoformat(), now + STALLS_AFTER)
    txn.commit()
    send_next(stored.document, caller)
    return True


def _step(stored: CloseItem, caller: Principal, deps: BalancingDeps) -> int:
    """What it cost of the budget."""
    match stored.document.phase:
        case Phase.COLLECTING:
            return collect(stored, caller, deps)
        case Phase.COMPARING:
            return compare_next(stored, caller, deps)
        case Phase.SETTLING | Phase.OVER:
            return settle(stored, caller, deps)
