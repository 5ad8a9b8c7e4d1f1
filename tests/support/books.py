"""Stripe's balance as a test says it is, and closes in memory: the comparison that a run makes, without its tables."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial

from callsheet.closing.comparison import Pair, compare, paired
from callsheet.closing.model import DifferenceKind, Movement, Tally
from callsheet.closing.rules import kind_of, still_open
from callsheet.closing.sides import movement_of
from callsheet.gateways.balance import BalanceTransaction, TransactionPage
from callsheet.gateways.errors import PaymentsUnavailable
from callsheet.kernel.money import Money
from callsheet.ledger.for_closing import DAY_SHARDS, day_shard
from tests.support.month import Month

PAGE = 7  # small, so that a test of few transactions has several


@dataclass(slots=True)
class FakeBalance:
    """Implements `BalanceGateway` over a list. `asked` counts the calls; `is_away` lets the next of them fail."""

    booked: list[BalanceTransaction] = field(default_factory=list)
    balances: dict[str, int] = field(default_factory=dict)
    page: int = PAGE
    asked: int = 0
    is_away: bool = False

    def transactions(self, since: datetime, until: datetime, after: str | None = None) -> TransactionPage:
        self._ask()
        newest_first = sorted(self.booked, key=lambda one: (one.created_at, one.id), reverse=True)
        found = [one for one in newest_first if since <= one.created_at < until]
        start = 0 if after is None else [one.id for one in found].index(after) + 1
        items = tuple(found[start : start + self.page])
        return TransactionPage(items, items[-1].id if start + self.page < len(found) else None)

    def transactions_of(self, reference: str) -> tuple[BalanceTransaction, ...]:
        self._ask()
        return tuple(one for one in self.booked if one.reference == reference)

    def balance_minor(self) -> Mapping[str, int]:
        self._ask()
        return self.balances

    def _ask(self) -> None:
        self.asked += 1
        if self.is_away:
            raise PaymentsUnavailable


class Sides:
    """Both sides of a month by day and shard, in the order in which the tables would answer."""

    def __init__(self, month: Month) -> None:
        self._stripe = _arranged([(one.created_at, movement_of(one)) for one in month.transactions])
        entries = [
            (one.at, Movement(one.reference, f"jrn_{index}", one.cash))
            for index, one in enumerate(month.booked)
        ]
        self._ledger = _arranged(entries)
        self._ever: dict[str, tuple[list[Movement], list[Movement]]] = defaultdict(lambda: ([], []))
        for transaction in month.transactions:
            self._ever[transaction.reference][0].append(movement_of(transaction))
        for _, movement in entries:
            self._ever[movement.reference][1].append(movement)

    def on(self, day: date, shard: int, after: str | None) -> Iterator[Pair]:
        return paired(_behind(self._stripe[day, shard], after), _behind(self._ledger[day, shard], after))

    def ever(self, reference: str) -> Pair:
        stripe, ledger = self._ever[reference]
        return Pair(reference, tuple(stripe), tuple(ledger))


@dataclass(frozen=True, slots=True)
class Found:
    """What the closes of a month have found: each difference with its day, and what was seen in all."""

    differences: list[tuple[date, str, DifferenceKind]]
    tally: Tally


def close_in_memory(sides: Sides, days: Sequence[date]) -> Found:
    """Day by day, shard by shard, chunk by chunk, as a run does."""
    found: dict[tuple[date, str], Pair] = {}
    tally = Tally()
    for day in days:
        neighbours = (day - timedelta(days=1), day + timedelta(days=1))
        told = {
            (reference, still_open(pair.stripe, pair.ledger))
            for (other, reference), pair in found.items()
            if other in neighbours
        }
        for shard in range(DAY_SHARDS):
            position, is_end = None, False
            while not is_end:
                chunk = compare(sides.on(day, shard, position), sides.ever, partial(_is_told, told))
                found |= {(day, pair.reference): pair for pair in chunk.differing}
                tally, position, is_end = tally + chunk.tally, chunk.last or position, chunk.is_end
    differences = [
        (day, reference, kind_of(pair.stripe, pair.ledger)) for (day, reference), pair in found.items()
    ]
    return Found(differences, tally)


def _is_told(told: set[tuple[str, tuple[Money, ...]]], pair: Pair) -> bool:
    return (pair.reference, still_open(pair.stripe, pair.ledger)) in told


def _arranged(moments: list[tuple[datetime, Movement]]) -> dict[tuple[date, int], list[Movement]]:
    found: dict[tuple[date, int], list[Movement]] = defaultdict(list)
    for at, movement in moments:
        found[at.astimezone(UTC).date(), day_shard(movement.reference)].append(movement)
    for movements in found.values():
        movements.sort(key=lambda one: (one.reference, one.id))
    return found


def _behind(movements: list[Movement], after: str | None) -> list[Movement]:
    if after is None:
        return movements
    return movements[bisect_right([one.reference for one in movements], after) :]
