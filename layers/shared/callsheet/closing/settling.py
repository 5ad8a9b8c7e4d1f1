"""Last: what earlier runs found and this one did not has come to agree; then the run ends, one way or the other."""

from datetime import datetime

from callsheet.closing.deps import BalancingDeps
from callsheet.closing.events import CloseDiffered, CloseFinished
from callsheet.closing.model import BalanceLine, Close, CloseStatus, DifferenceStatus, Phase
from callsheet.closing.rules import CLOSE, outcome_of
from callsheet.closing.store import CloseItem, differences_on, is_open, put_difference, save_close
from callsheet.kernel.principal import Principal
from callsheet.ledger.for_closing import cash_minor
from callsheet.ledger.payout_gate import reopen, shut
from callsheet.platform.transaction import Transaction

_PAGE = 50


def settle(stored: CloseItem, caller: Principal, deps: BalancingDeps) -> int:
    """One page of the day's differences, and behind the last of them the end of the run."""
    close, now = stored.document, deps.clock.now()
    items, position = differences_on(
        close.day, None if close.position is None else {"sk": close.position}, _PAGE
    )
    txn = Transaction(caller, now)
    for item in items:
        if is_open(item) and item.document.attempt < close.attempt:
            agreed = {"status": DifferenceStatus.AGREED, "closed_at": now}
            put_difference(txn, item.document.model_copy(update=agreed), item)
    settled = close.settled + sum(not is_open(item) for item in items)
    moved: dict[str, object] = {"settled": settled, "moved_at": now}
    if position is None:
        save_close(txn, stored, _ended(close.model_copy(update=moved), txn, now, deps))
    else:
        save_close(txn, stored, close.model_copy(update={**moved, "position": position["sk"]}))
    txn.commit()
    return 1


def _ended(close: Close, txn: Transaction, now: datetime, deps: BalancingDeps) -> Close:
    status = CLOSE.step(close.status, outcome_of(close.open, close.settled), "system").target
    ended = close.model_copy(
        update={
            "status": status,
            "phase": Phase.OVER,
            "position": None,
            "balances": _balances(deps),
            "finished_at": now,
        }
    )
    tell_end(txn, ended)
    return ended


def tell_end(txn: Transaction, close: Close) -> None:
    """The gate and the event that go with how a close has ended."""
    day, tally = close.day.isoformat(), close.tally
    if close.status is CloseStatus.DIFFERING:
        shut(txn, day)
        txn.publish(
            CloseDiffered(
                day=close.day,
                attempt=close.attempt,
                transactions=tally.transactions,
                entries=tally.entries,
                open=close.open,
            )
        )
        return
    reopen(txn, day)
    txn.publish(
        CloseFinished(
            day=close.day,
            attempt=close.attempt,
            status=close.status,
            transactions=tally.transactions,
            entries=tally.entries,
            carried=tally.carried,
            settled=close.settled,
        )
    )


def _balances(deps: BalancingDeps) -> tuple[BalanceLine, ...]:
    there, here = deps.balance.balance_minor(), cash_minor()
    return tuple(
        BalanceLine(
            currency=currency,
            stripe_minor=there.get(currency, 0),
            ledger_minor=here.get(currency, 0),
        )
        for currency in sorted(there.keys() | here.keys())
        if there.get(currency) or here.get(currency)
    )
