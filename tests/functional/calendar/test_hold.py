"""Whoever takes a slot first has it; who comes second gets nothing at all, and neighbours never meet."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callsheet.calendar.days import DayItem, taken_between
from callsheet.calendar.errors import SlotTaken
from callsheet.calendar.hold import hold, release
from callsheet.calendar.slots import SLOTS_A_DAY, Slots, slots_between
from callsheet.kernel.ids import new_id
from callsheet.kernel.principal import Principal
from callsheet.platform.transaction import Transaction

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
PAVEL = new_id("usr")


def span(hours: float, length: float = 1) -> Slots:
    """`length` hours, starting `hours` after noon."""
    starts_at = NOON + timedelta(hours=hours)
    return slots_between(starts_at, starts_at + timedelta(hours=length))


def a_transaction() -> Transaction:
    return Transaction(Principal("usr_1"), NOON, sleep=lambda _seconds: None)


def take(slots: Slots, whose: str = PAVEL) -> None:
    txn = a_transaction()
    hold(txn, whose, slots)
    txn.commit()


def free(slots: Slots, whose: str = PAVEL) -> None:
    txn = a_transaction()
    release(txn, whose, slots)
    txn.commit()


def taken(whose: str = PAVEL) -> frozenset[int]:
    return taken_between(whose, "2026-01-01", "2026-12-31")


def test_of_two_who_want_one_slot_the_second_takes_none_of_theirs(tables: None) -> None:
    take(span(0, length=2))
    before = taken()
    with pytest.raises(SlotTaken):
        take(span(1.75, length=24))
    assert taken() == before


def test_neighbours_do_not_conflict(tables: None) -> None:
    take(span(0))
    take(span(1))
    take(span(-1))
    assert len(taken()) == 12


def test_one_resource_does_not_know_of_another(tables: None) -> None:
    take(span(0))
    take(span(0), whose=new_id("usr"))
    assert len(taken()) == 4


def test_freeing_frees_exactly_what_was_taken(tables: None) -> None:
    take(span(0))
    before = taken()
    take(span(1, length=30))
    free(span(1, length=30))
    assert taken() == before
    take(span(1, length=30))


def test_freeing_twice_is_freeing_once(tables: None) -> None:
    take(span(0))
    free(span(1))
    free(span(0))
    free(span(0))
    assert taken() == frozenset()


def test_a_whole_day_fits_into_one_condition(tables: None) -> None:
    day = slots_between(NOON.replace(hour=0), NOON.replace(hour=0) + timedelta(days=1))
    txn = a_transaction()
    hold(txn, PAVEL, day)
    (write,) = txn._writes
    condition = write.arguments["ConditionExpression"]
    assert len(condition.encode()) < 4096
    assert sum(map(condition.count, ("contains", " OR ", "NOT "))) <= 300
    txn.commit()
    assert len(taken()) == SLOTS_A_DAY
    with pytest.raises(SlotTaken):
        take(span(11.75, length=0.25))


def test_fourteen_days_are_one_transaction(tables: None) -> None:
    take(span(0, length=14 * 24))
    assert len(taken()) == 14 * SLOTS_A_DAY
    free(span(0, length=14 * 24))
    assert taken() == frozenset()


def test_slots_come_back_as_whole_numbers(tables: None) -> None:
    take(span(0))
    (item,) = DayItem.query(PAVEL)
    assert item.taken == {48, 49, 50, 51}
    assert {type(number) for number in item.taken} == {int}


def test_of_ten_at_once_one_wins(tables: None) -> None:
    def attempt(_number: int) -> bool:
        try:
            take(span(0))
        except SlotTaken:
            return False
        return True

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(attempt, range(10))) == 1
    assert len(taken()) == 4


_SPANS = st.tuples(st.integers(-60, 60), st.integers(1, 40))


@given(st.lists(st.tuples(st.booleans(), _SPANS), max_size=8))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_taken_is_what_was_held_and_not_freed(
    tables: None, steps: list[tuple[bool, tuple[int, int]]]
) -> None:
    whose, model = new_id("usr"), set[tuple[str, int]]()
    for is_hold, (quarter, length) in steps:
        slots = span(quarter / 4, length / 4)
        flat = {(day, number) for day, numbers in slots.items() for number in numbers}
        if not is_hold:
            free(slots, whose)
            model -= flat
        elif model.isdisjoint(flat):
            take(slots, whose)
            model |= flat
        else:
            with pytest.raises(SlotTaken):
                take(slots, whose)
        stored = {(item.sk[4:], number) for item in DayItem.query(whose) for number in item.taken or ()}
        assert stored == model
