"""Then: shard by shard both sides are read in the same order, and what differs is written down."""

from datetime import datetime, timedelta

from callsheet.closing.comparison import Pair, compare, paired
from callsheet.closing.deps import BalancingDeps
from callsheet.closing.model import Close, Difference, Phase
from callsheet.closing.rules import as_amounts, kind_of, left_by, still_open, sums_of
from callsheet.closing.sides import ever, ledger_on
from callsheet.closing.store import (
    CloseItem,
    difference_key,
    is_open,
    put_difference,
    save_close,
    stored_differences,
    transactions_of_run,
)
from callsheet.kernel.principal import Principal
from callsheet.ledger.for_closing import DAY_SHARDS
from callsheet.ledger.payout_gate import shut
from callsheet.platform.transaction import Transaction


def compare_next(stored: CloseItem, caller: Principal, deps: BalancingDeps) -> int:
    """One chunk of one shard; what it cost. Payouts wait from the first difference on, not from the end of the run."""
    close, now = stored.document, deps.clock.now()
    pairs = paired(
        transactions_of_run(close, close.shard, close.position),
        ledger_on(close.day, close.shard, close.position),
    )
    chunk = compare(
        pairs, lambda reference: ever(reference, deps.balance), lambda pair: _is_told(pair, close)
    )
    txn = Transaction(caller, now)
    for pair in chunk.differing:
        _put(txn, pair, close, now)
    if chunk.differing:
        shut(txn, close.day.isoformat())
    moved: dict[str, object] = {
        "tally": close.tally + chunk.tally,
        "open": close.open + len(chunk.differing),
        "moved_at": now,
    }
    if chunk.is_end:
        is_last = close.shard + 1 == DAY_SHARDS
        moved |= {"position": None, "shard": 0 if is_last else close.shard + 1}
        moved |= {"phase": Phase.SETTLING} if is_last else {}
    else:
        moved["position"] = chunk.last
    save_close(txn, stored, close.model_copy(update=moved))
    txn.commit()
    return 1 + chunk.lookups


def difference_of(pair: Pair, close: Close, now: datetime) -> Difference:
    return Difference(
        day=close.day,
        reference=pair.reference,
        kind=kind_of(pair.stripe, pair.ledger),
        stripe=as_amounts(sums_of(pair.stripe)),
        ledger=as_amounts(sums_of(pair.ledger)),
        transactions=tuple(sorted({movement.id for movement in pair.stripe})),
        entries=tuple(sorted({movement.id for movement in pair.ledger})),
        attempt=close.attempt,
        found_at=now,
    )


def _put(txn: Transaction, pair: Pair, close: Close, now: datetime) -> None:
    """What an earlier run has found already is still the same difference, with whatever is proposed for it."""
    difference = difference_of(pair, close, now)
    (known,) = stored_differences([difference_key(close.day, pair.reference)])
    if known is not None and is_open(known):
        kept = {"found_at": known.document.found_at, "adjustment_id": known.document.adjustment_id}
        difference = difference.model_copy(update=kept)
    put_difference(txn, difference, known)


def _is_told(pair: Pair, close: Close) -> bool:
    """True where the day before or after has the same difference open: about one object, once."""
    neighbours = (close.day - timedelta(days=1), close.day + timedelta(days=1))
    found = stored_differences([difference_key(day, pair.reference) for day in neighbours])
    amounts = still_open(pair.stripe, pair.ledger)
    return any(item is not None and is_open(item) and left_by(item.document) == amounts for item in found)
