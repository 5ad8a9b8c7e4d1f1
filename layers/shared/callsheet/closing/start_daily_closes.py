"""Every hour: the days that have ended are closed, those that differ are looked at again, and runs that lost their
message get another.
"""

from datetime import date, datetime

from callsheet.closing.deps import ClosingDeps
from callsheet.closing.errors import CloseRunning
from callsheet.closing.model import Close, CloseStatus
from callsheet.closing.queueing import send_next
from callsheet.closing.rules import QUIET_AFTER, RUNS_AGAIN_AFTER, days_to_look_at
from callsheet.closing.start_close import start_close
from callsheet.closing.store import stored_closes
from callsheet.kernel.principal import Principal
from callsheet.ledger.payout_gate import gate_key, shut_by
from callsheet.platform.read import get_together


def start_daily_closes(caller: Principal, deps: ClosingDeps) -> tuple[date, ...]:
    """The days that were started, or sent for again. Two reads where there is nothing to do."""
    now = deps.clock.now()
    (gate,) = get_together([gate_key()])
    shut = (date.fromisoformat(day) for day in shut_by(gate))
    days = sorted({*days_to_look_at(now), *shut})[:100]
    looked_at = stored_closes(days)
    return tuple(
        day
        for day, stored in looked_at.items()
        if _look(day, None if stored is None else stored.document, now, caller, deps)
    )


def _look(day: date, close: Close | None, now: datetime, caller: Principal, deps: ClosingDeps) -> bool:
    if close is not None and close.status is CloseStatus.RUNNING:
        if is_quiet := close.moved_at + QUIET_AFTER <= now:
            send_next(close, caller)
        return is_quiet
    if close is not None and not _is_to_run_again(close, now):
        return False
    try:
        start_close(day, caller, deps)
    except CloseRunning:  # somebody of finance was faster
        return False
    return True


def _is_to_run_again(close: Close, now: datetime) -> bool:
    """What differs may have come to agree: a webhook that was late, a payment that was repaired."""
    ended = close.finished_at or close.moved_at
    return close.status is CloseStatus.DIFFERING and ended + RUNS_AGAIN_AFTER <= now
