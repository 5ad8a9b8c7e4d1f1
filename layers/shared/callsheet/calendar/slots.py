"""Time cut into slots of 15 minutes, counted in UTC, so that no change of local clocks moves one.

A slot is a whole number: how many of them lie between 1970 and its begin. Stored, it is a UTC day and a number from 0
to 95 within it.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta

SLOT_MINUTES = 15
SLOTS_A_DAY = 96

# UTC days, `YYYY-MM-DD`, and the slots of each.
type Slots = Mapping[str, frozenset[int]]

_SLOT = timedelta(minutes=SLOT_MINUTES)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = _EPOCH.toordinal()


def slots_between(
    starts_at: datetime, ends_at: datetime, before_minutes: int = 0, after_minutes: int = 0
) -> Slots:
    """The slots that a span touches, its buffers of so many minutes included; empty for an empty span."""
    first, last = starts_at - timedelta(minutes=before_minutes), ends_at + timedelta(minutes=after_minutes)
    by_day: dict[str, set[int]] = {}
    for slot in touched(first, last):
        by_day.setdefault(day_of(slot), set()).add(slot % SLOTS_A_DAY)
    return {day: frozenset(slots) for day, slots in by_day.items()}


def touched(starts_at: datetime, ends_at: datetime) -> range:
    """The slots of which a span covers any part."""
    return range(slot_at(starts_at), -((_EPOCH - ends_at) // _SLOT)) if starts_at < ends_at else range(0)


def contained(starts_at: datetime, ends_at: datetime) -> range:
    """The slots that a span covers wholly."""
    return range(-((_EPOCH - starts_at) // _SLOT), slot_at(ends_at))


def slot_at(moment: datetime) -> int:
    """The slot in which a moment lies."""
    return (moment - _EPOCH) // _SLOT


def begin_of(slot: int) -> datetime:
    return _EPOCH + slot * _SLOT


def day_of(slot: int) -> str:
    """The UTC day in which a slot lies."""
    return date.fromordinal(_EPOCH_DAY + slot // SLOTS_A_DAY).isoformat()


def slots_of_day(day: str, numbers: Iterable[int]) -> frozenset[int]:
    """The slots behind the numbers that are stored for a day."""
    first = (date.fromisoformat(day).toordinal() - _EPOCH_DAY) * SLOTS_A_DAY
    return frozenset(first + number for number in numbers)
