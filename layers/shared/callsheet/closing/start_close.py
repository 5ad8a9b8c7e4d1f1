"""A day that is over is closed, or closed once more."""

from datetime import date

from callsheet.closing.days import day_of
from callsheet.closing.deps import ClosingDeps
from callsheet.closing.errors import CloseRunning, DayNotOver
from callsheet.closing.model import Close, CloseStatus, CloseView
from callsheet.closing.queueing import send_next
from callsheet.closing.rules import CLOSE, STALL_DEADLINE, STALLS_AFTER, CloseAction, is_over
from callsheet.closing.store import add_close, save_close, stored_close
from callsheet.closing.views import close_view
from callsheet.kernel.principal import Principal
from callsheet.platform.stale import Stale
from callsheet.platform.transaction import Transaction


def run_close(day: str, caller: Principal, deps: ClosingDeps) -> CloseView:
    """For somebody of finance. Raises DayNotOver, and CloseRunning where the day's close runs already."""
    return close_view(start_close(day_of(day), caller, deps, "finance"))


def start_close(day: date, caller: Principal, deps: ClosingDeps, who: str = "system") -> Close:
    """One read, one transaction, one message. A crash before the message heals: what is quiet is sent for again.

    The differences of earlier runs stay open, and payouts with them, until this run has ended.
    """
    now = deps.clock.now()
    if not is_over(day, now):
        raise DayNotOver
    stored = stored_close(day)
    attempt = 1 if stored is None else stored.document.attempt + 1
    close = Close(
        day=day,
        status=CloseStatus.RUNNING,
        attempt=attempt,
        started_by=caller.id,
        started_at=now,
        moved_at=now,
    )
    txn = Transaction(caller, now)
    if stored is None:
        add_close(txn, close)
    else:
        if stored.document.status is CloseStatus.RUNNING:
            raise CloseRunning
        CLOSE.step(stored.document.status, CloseAction.RUN, who)
        save_close(txn, stored, close)
    txn.due(STALL_DEADLINE, day.isoformat(), now + STALLS_AFTER)
    try:
        txn.commit()
    except Stale as error:
        raise CloseRunning from error
    send_next(close, caller)
    return close
