"""Slots are a quarter of an hour of UTC, whatever local clocks do."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from callsheet.calendar.slots import (
    SLOT_MINUTES,
    SLOTS_A_DAY,
    Slots,
    begin_of,
    contained,
    slots_between,
    slots_of_day,
    touched,
)

_SLOT = timedelta(minutes=SLOT_MINUTES)
_MOMENTS = st.integers(1_700_000_000, 1_900_000_000).map(lambda second: datetime.fromtimestamp(second, UTC))
_LENGTHS = st.timedeltas(timedelta(seconds=1), timedelta(days=14))
_BUFFERS = st.integers(0, 240)


def flat(slots: Slots) -> set[int]:
    return {slot for day, numbers in slots.items() for slot in slots_of_day(day, numbers)}


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_an_afternoon_is_the_slots_of_its_quarters() -> None:
    slots = slots_between(moment("2026-05-01T14:00Z"), moment("2026-05-01T15:30Z"))
    assert slots == {"2026-05-01": frozenset(range(56, 62))}


def test_a_span_is_rounded_outward() -> None:
    slots = slots_between(moment("2026-05-01T14:14Z"), moment("2026-05-01T14:16Z"))
    assert slots == {"2026-05-01": frozenset({56, 57})}


def test_buffers_are_taken_with_the_span() -> None:
    slots = slots_between(moment("2026-05-01T14:00Z"), moment("2026-05-01T15:00Z"), 30, 15)
    assert slots == {"2026-05-01": frozenset(range(54, 61))}


def test_a_night_is_two_days_and_an_end_at_midnight_none_of_the_next() -> None:
    assert slots_between(moment("2026-05-01T23:45Z"), moment("2026-05-02T00:15Z")) == {
        "2026-05-01": frozenset({95}),
        "2026-05-02": frozenset({0}),
    }
    assert set(slots_between(moment("2026-05-01T23:00Z"), moment("2026-05-02T00:00Z"))) == {"2026-05-01"}


def test_the_29th_of_february_is_a_day_like_any_other() -> None:
    slots = slots_between(moment("2028-02-28T23:45Z"), moment("2028-03-01T00:15Z"))
    assert list(slots) == ["2028-02-28", "2028-02-29", "2028-03-01"]
    assert len(slots["2028-02-29"]) == SLOTS_A_DAY


def test_fourteen_days_are_every_slot_of_them() -> None:
    slots = slots_between(moment("2026-03-20T09:00Z"), moment("2026-04-03T09:00Z"))
    assert len(slots) == 15
    assert sum(map(len, slots.values())) == 14 * SLOTS_A_DAY


def test_an_empty_span_takes_nothing() -> None:
    assert slots_between(moment("2026-05-01T14:05Z"), moment("2026-05-01T14:05Z")) == {}


def test_an_offset_says_nothing_about_slots() -> None:
    berlin = slots_between(moment("2026-05-01T16:00+02:00"), moment("2026-05-01T17:00+02:00"))
    assert berlin == slots_between(moment("2026-05-01T14:00Z"), moment("2026-05-01T15:00Z"))


@given(_MOMENTS, _LENGTHS, _BUFFERS, _BUFFERS)
def test_every_slot_that_the_span_touches_is_taken_and_no_other(
    starts_at: datetime, length: timedelta, before: int, after: int
) -> None:
    slots = flat(slots_between(starts_at, starts_at + length, before, after))
    first, last = starts_at - timedelta(minutes=before), starts_at + length + timedelta(minutes=after)
    assert begin_of(min(slots)) <= first < begin_of(min(slots)) + _SLOT
    assert begin_of(max(slots)) < last <= begin_of(max(slots)) + _SLOT
    assert slots == set(range(min(slots), max(slots) + 1))


@given(_MOMENTS, _LENGTHS, _LENGTHS)
def test_neighbours_on_a_quarter_never_meet(starts_at: datetime, one: timedelta, other: timedelta) -> None:
    between = begin_of(touched(starts_at, starts_at + one).stop)
    assert flat(slots_between(starts_at, between)).isdisjoint(flat(slots_between(between, between + other)))


@given(_MOMENTS, _LENGTHS, _LENGTHS)
def test_the_slots_of_two_parts_are_those_of_the_whole(
    starts_at: datetime, one: timedelta, other: timedelta
) -> None:
    between, ends_at = starts_at + one, starts_at + one + other
    parts = flat(slots_between(starts_at, between)) | flat(slots_between(between, ends_at))
    assert parts == flat(slots_between(starts_at, ends_at))


@given(_MOMENTS, _LENGTHS)
def test_what_is_contained_is_touched_and_covered(starts_at: datetime, length: timedelta) -> None:
    ends_at = starts_at + length
    inner = contained(starts_at, ends_at)
    assert set(inner) <= set(touched(starts_at, ends_at))
    assert all(starts_at <= begin_of(slot) and begin_of(slot) + _SLOT <= ends_at for slot in inner)


@given(_MOMENTS, _LENGTHS)
def test_numbers_of_a_day_lie_between_0_and_95(starts_at: datetime, length: timedelta) -> None:
    for numbers in slots_between(starts_at, starts_at + length).values():
        assert numbers
        assert numbers <= set(range(SLOTS_A_DAY))
