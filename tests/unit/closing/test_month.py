"""The proof: a generated month of 10,000 bookings with 50 differences of five kinds; each is found, and nothing else.

`python -m bench.close` runs the same month through the tables.
"""

import tracemalloc
from collections import Counter
from collections.abc import Iterator

import pytest

from callsheet.closing.comparison import Pair, compare, paired
from callsheet.closing.model import DifferenceKind, Movement
from callsheet.kernel.money import Money
from tests.support.books import Sides, close_in_memory
from tests.support.month import a_month


@pytest.fixture(scope="module")
def sides_and_injected() -> tuple[Sides, dict[str, DifferenceKind], int]:
    month = a_month(bookings=10_000, differences=50)
    return Sides(month), month.injected, len(month.transactions)


def test_each_of_50_differences_in_a_month_is_found_once_and_nothing_else(
    sides_and_injected: tuple[Sides, dict[str, DifferenceKind], int],
) -> None:
    sides, injected, transactions = sides_and_injected
    found = close_in_memory(sides, a_month(0).dates())
    assert Counter(injected.values()) == dict.fromkeys(DifferenceKind, 10)
    assert {reference: kind for _, reference, kind in found.differences} == injected
    assert len(found.differences) == 50
    assert found.tally.transactions == transactions > 17_000
    assert found.tally.carried > 10  # the midnights of the month


def test_the_same_month_closed_twice_gives_the_same_report(
    sides_and_injected: tuple[Sides, dict[str, DifferenceKind], int],
) -> None:
    sides, _, _ = sides_and_injected
    days = a_month(0).dates()
    assert close_in_memory(sides, days) == close_in_memory(sides, days)


@pytest.mark.parametrize("seed", range(2, 12))
def test_other_months_hide_nothing_either(seed: int) -> None:
    month = a_month(bookings=300, differences=20, days=4, seed=seed)
    found = close_in_memory(Sides(month), month.dates())
    assert sorted((reference, kind) for _, reference, kind in found.differences) == sorted(
        month.injected.items()
    )


def test_a_month_without_differences_is_clean() -> None:
    month = a_month(bookings=500)
    found = close_in_memory(Sides(month), month.dates())
    assert found.differences == []
    assert found.tally.differing == 0


def _stream(size: int) -> Iterator[Movement]:
    """Made as they are asked for, as pages come from a table."""
    for number in range(size):
        yield Movement(f"ch_{number:09d}", f"m_{number}", Money.of(100 + number, "USD"))


def _peak(size: int) -> int:
    """The most memory that comparing a day of that size takes, in bytes."""

    def ever(reference: str) -> Pair:
        raise AssertionError(reference)

    tracemalloc.start()
    pairs, seen, is_end = paired(_stream(size), _stream(size)), 0, False
    while not is_end:
        chunk = compare(pairs, ever)
        seen, is_end = seen + chunk.tally.matched, chunk.is_end
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert seen == size
    return peak


def test_memory_stays_flat_as_the_day_grows_tenfold() -> None:
    _peak(100)  # what is allocated once
    small, large = _peak(2_000), _peak(20_000)
    assert large < small * 1.1 + 10_000, (small, large)
