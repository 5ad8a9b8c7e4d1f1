"""Closes in one list; below each day its differences and adjustments; below each run Stripe's transactions in order.

Those are of use while the run goes on, and expire: Stripe keeps them, and another run asks again.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from pynamodb.attributes import UnicodeAttribute

from callsheet.closing.errors import DifferenceDecided
from callsheet.closing.model import (
    Adjustment,
    Close,
    Difference,
    DifferenceStatus,
    Movement,
)
from callsheet.kernel.access import AccessPath
from callsheet.kernel.money import Money
from callsheet.kernel.page import Position
from callsheet.platform.pages import position_of, start_key
from callsheet.platform.read import Key, get_together
from callsheet.platform.stale import Stale
from callsheet.platform.table import Document, StrictInteger, Table
from callsheet.platform.transaction import Transaction

TRANSACTIONS_KEPT = timedelta(days=14)
_CLOSES, _DIFFERENCE, _ADJUSTMENT = "CLOSES", "DIFFERENCE#", "ADJUSTMENT#"
_PAGE = 200


class CloseItem(Table):
    logical_name = "closing"
    document = Document(Close)


class DifferenceItem(Table):
    logical_name = "closing"
    document = Document(Difference)


class AdjustmentItem(Table):
    logical_name = "closing"
    document = Document(Adjustment)


class TransactionItem(Table):
    """One of Stripe's, net of its fee. Sorted by its object, and below it by its own id."""

    logical_name = "closing"
    amount_minor = StrictInteger()
    currency = UnicodeAttribute()


def stored_close(day: date) -> CloseItem | None:
    return stored_closes([day])[day]


def stored_closes(days: Sequence[date]) -> dict[date, CloseItem | None]:
    """One batch read; None for a day that was never closed."""
    items = get_together([(CloseItem, _CLOSES, day.isoformat()) for day in days])
    return {day: item if isinstance(item, CloseItem) else None for day, item in zip(days, items, strict=True)}


def add_close(txn: Transaction, close: Close) -> CloseItem:
    """Stale where somebody else has just begun to close the day."""
    item = CloseItem(_CLOSES, close.day.isoformat(), document=close)
    txn.create(item, Stale())
    return item


def save_close(txn: Transaction, stored: CloseItem, close: Close) -> None:
    stored.document = close
    txn.replace(stored, Stale())


def closes_before(after: Position | None, limit: int) -> tuple[list[Close], Position | None]:
    """A page of closes, the latest day first, and where it ended; one query."""
    found = CloseItem.query(
        _CLOSES,
        scan_index_forward=False,
        consistent_read=True,
        limit=limit,
        page_size=limit,
        last_evaluated_key=start_key(after),
    )
    items = [item.document for item in found]
    return items, position_of(found.last_evaluated_key)


def add_transaction(txn: Transaction, movement: Movement, close: Close, shard: int, now: datetime) -> None:
    """The same transaction twice is one item."""
    txn.put(
        TransactionItem(
            _run_key(close, shard),
            f"{movement.reference}#{movement.id}",
            amount_minor=movement.amount.amount_minor,
            currency=movement.amount.currency,
            expires_at=int((now + TRANSACTIONS_KEPT).timestamp()),
        )
    )


def transactions_of_run(close: Close, shard: int, after: str | None) -> Iterator[Movement]:
    """Stripe's transactions in one shard of a run, by reference, from behind `after` on; a page in memory."""
    later = None if after is None else TransactionItem.sk > f"{after}#~"
    for item in TransactionItem.query(_run_key(close, shard), later, page_size=_PAGE, consistent_read=True):
        reference, _, transaction_id = item.sk.partition("#")
        yield Movement(reference, transaction_id, Money.of(item.amount_minor, item.currency))


def difference_key(day: date, reference: str) -> Key:
    return (DifferenceItem, day.isoformat(), f"{_DIFFERENCE}{reference}")


def put_difference(txn: Transaction, difference: Difference, known: DifferenceItem | None) -> None:
    """What a run has found, in place of what was known. DifferenceDecided where somebody has written meanwhile:

    while a run goes on, what was proposed before may be rejected, and may lapse.
    """
    if known is not None:
        known.document = difference
        txn.replace(known, DifferenceDecided())
        return
    _, pk, sk = difference_key(difference.day, difference.reference)
    txn.create(DifferenceItem(pk, sk, document=difference), DifferenceDecided())


def save_difference(txn: Transaction, stored: DifferenceItem, difference: Difference) -> None:
    """What was decided of it; Stale where a run, or somebody, has written meanwhile."""
    stored.document = difference
    txn.replace(stored, Stale())


def stored_differences(keys: Sequence[Key]) -> list[DifferenceItem | None]:
    """One batch read."""
    return [item if isinstance(item, DifferenceItem) else None for item in get_together(keys)]


def differences_on(
    day: date, after: Position | None, limit: int
) -> tuple[list[DifferenceItem], Position | None]:
    """A page of a day's differences, by reference, and where it ended; one query."""
    pk = day.isoformat()
    found = DifferenceItem.query(
        pk,
        DifferenceItem.sk.startswith(_DIFFERENCE),
        consistent_read=True,
        limit=limit,
        page_size=limit,
        last_evaluated_key=start_key(after),
    )
    items = list(found)
    return items, position_of(found.last_evaluated_key)


def is_open(item: DifferenceItem | None) -> bool:
    return item is not None and item.document.status is DifferenceStatus.OPEN


def adjustment_key(day: date, adjustment_id: str) -> Key:
    return (AdjustmentItem, day.isoformat(), f"{_ADJUSTMENT}{adjustment_id}")


def add_adjustment(txn: Transaction, adjustment: Adjustment) -> None:
    _, pk, sk = adjustment_key(adjustment.day, adjustment.id)
    txn.create(AdjustmentItem(pk, sk, document=adjustment), Stale())


def save_adjustment(txn: Transaction, stored: AdjustmentItem, adjustment: Adjustment) -> None:
    stored.document = adjustment
    txn.replace(stored, Stale())


def stored_adjustments(day: date, ids: Sequence[str]) -> dict[str, AdjustmentItem]:
    """One batch read; what is not there is left out."""
    items = get_together([adjustment_key(day, adjustment_id) for adjustment_id in ids])
    return {item.document.id: item for item in items if isinstance(item, AdjustmentItem)}


def _run_key(close: Close, shard: int) -> str:
    return f"{close.day.isoformat()}#{close.attempt}#{shard}"


ACCESS_PATHS = (
    AccessPath(
        name="one day's close",
        table="closing",
        keys="pk = CLOSES, sk = <day>",
        use_cases=("closing.start_close", "closing.run_portion", "closing.get_close"),
    ),
    AccessPath(
        name="all closes, the latest day first",
        table="closing",
        keys="pk = CLOSES, sk in reverse order",
        use_cases=("closing.list_closes",),
    ),
    AccessPath(
        name="what differs on a day, by Stripe's object",
        table="closing",
        keys="pk = <day>, sk begins with DIFFERENCE#",
        use_cases=("closing.get_close", "closing.run_portion"),
    ),
    AccessPath(
        name="one difference",
        table="closing",
        keys="pk = <day>, sk = DIFFERENCE#<reference>",
        use_cases=("closing.run_portion", "closing.propose_adjustment", "closing.decide_adjustment"),
    ),
    AccessPath(
        name="one adjustment",
        table="closing",
        keys="pk = <day>, sk = ADJUSTMENT#<id>",
        use_cases=("closing.decide_adjustment", "closing.expire_proposal", "closing.get_close"),
    ),
    AccessPath(
        name="Stripe's transactions of a run, by the object that moved them",
        table="closing",
        keys="pk = <day>#<attempt>#<shard>, sk behind <reference>",
        use_cases=("closing.run_portion",),
    ),
)
