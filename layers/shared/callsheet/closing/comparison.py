"""Two sides in the same order, compared as they stream by: what is kept in memory is one object of Stripe's."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from heapq import merge
from itertools import groupby
from operator import attrgetter

from callsheet.closing.model import Movement, Tally
from callsheet.closing.rules import agree

# A chunk is one write: so many objects, or so many that had to be looked up, whichever is first.
MOST_REFERENCES, MOST_LOOKUPS = 500, 10


@dataclass(frozen=True, slots=True)
class Pair:
    """All that both sides say about one object of Stripe's, on a day or ever."""

    reference: str
    stripe: tuple[Movement, ...]
    ledger: tuple[Movement, ...]

    @property
    def agrees(self) -> bool:
        return agree(self.stripe, self.ledger)


@dataclass(frozen=True, slots=True)
class Chunk:
    """What was compared up to and with the object `last`; `is_end` where both sides have ended there."""

    tally: Tally
    differing: tuple[Pair, ...]
    last: str | None
    is_end: bool
    lookups: int


@dataclass(frozen=True, slots=True)
class _Side:
    """A movement and which side said so."""

    reference: str
    movement: Movement
    is_ledger: bool


def paired(stripe: Iterable[Movement], ledger: Iterable[Movement]) -> Iterator[Pair]:
    """What both sides say, object by object. Each side must come in the order of its references."""
    by_reference = attrgetter("reference")
    both = merge(_said(stripe, is_ledger=False), _said(ledger, is_ledger=True), key=by_reference)
    for reference, group in groupby(both, key=by_reference):
        found = tuple(group)
        yield Pair(
            reference,
            tuple(side.movement for side in found if not side.is_ledger),
            tuple(side.movement for side in found if side.is_ledger),
        )


def _said(movements: Iterable[Movement], *, is_ledger: bool) -> Iterator[_Side]:
    for movement in movements:
        yield _Side(movement.reference, movement, is_ledger)


def compare(
    pairs: Iterable[Pair], ever: Callable[[str], Pair], is_told: Callable[[Pair], bool] = lambda _: False
) -> Chunk:
    """Compare the next objects of a day.

    What does not agree within the day is looked up: `ever` answers all that both sides say of the object, on whatever
    day. Where that agrees one side has booked behind a midnight, and the object is carried over. `is_told` says of one
    that differs that the day before or after reports it already.
    """
    matched = carried = transactions = entries = 0
    differing: list[Pair] = []
    last, is_end = None, True
    for pair in pairs:
        last = pair.reference
        transactions += len({movement.id for movement in pair.stripe})
        entries += len({movement.id for movement in pair.ledger})
        if pair.agrees:
            matched += 1
        elif (whole := ever(pair.reference)).agrees or is_told(whole):
            carried += 1
        else:
            differing.append(whole)
        lookups = carried + len(differing)
        if lookups >= MOST_LOOKUPS or matched + lookups >= MOST_REFERENCES:
            is_end = False
            break
    tally = Tally(
        transactions=transactions, entries=entries, matched=matched, carried=carried, differing=len(differing)
    )
    return Chunk(tally, tuple(differing), last, is_end, carried + len(differing))
