"""Whether a span of time can be asked for, and which spans are left: pure decisions.

Opening hours are wall-clock times: a slot is open where the local clock, during it, shows a time within a window. So an
hour that a change of clocks skips is never open, one that it repeats is open twice, and a window's length follows.
"""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from callsheet.calendar.errors import (
    BlackedOut,
    OutsideHours,
    SpanInvalid,
    SpanTooLong,
    SpanTooShort,
    TooFarAhead,
    TooSoon,
)
from callsheet.calendar.model import (
    AvailabilityDays,
    AvailabilityMoments,
    CalendarRules,
    OpeningWindow,
    WeeklyHours,
)
from callsheet.calendar.slots import SLOT_MINUTES, begin_of, contained, slot_at, touched
from callsheet.calendar.zones import zone_of

MAX_SPAN = timedelta(days=14)
_LONG = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class _Hours:
    """Opening hours, ready to be asked slot by slot; `windows` are minutes of the day, Monday first."""

    zone: ZoneInfo
    windows: tuple[tuple[tuple[int, int], ...], ...]

    def is_open(self, slot: int) -> bool:
        local = begin_of(slot).astimezone(self.zone)
        minute = local.hour * 60 + local.minute
        return any(opens <= minute < closes for opens, closes in self.windows[local.weekday()])

    def has_windows(self, slot: int) -> bool:
        """That the local day in which the slot lies is not closed altogether."""
        return bool(self.windows[begin_of(slot).astimezone(self.zone).weekday()])


# Who has not said when they work is taken to work by day, on all days but Sunday (ADR 0063).
_BY_DAY = (OpeningWindow(opens="08:00", closes="20:00"),)
DEFAULT_WEEK = WeeklyHours(
    monday=_BY_DAY, tuesday=_BY_DAY, wednesday=_BY_DAY, thursday=_BY_DAY, friday=_BY_DAY, saturday=_BY_DAY
)


def default_rules(user_id: str, zone: str) -> CalendarRules:
    return CalendarRules(resource_id=user_id, zone=zone, weekly=DEFAULT_WEEK)


def check_span(rules: CalendarRules, starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    """Raises why a span cannot be booked, whoever else has booked; the first reason in the order below.

    Below 24 h every minute must lie within opening hours. A longer job may run through the nights: it must start and
    end within opening hours, and touch no day that is closed (ADR 0062).
    """
    length = ends_at - starts_at
    if length <= timedelta() or starts_at < now:
        raise SpanInvalid
    if length > MAX_SPAN:
        raise SpanTooLong(extra={"maximum_days": MAX_SPAN.days})
    if length < timedelta(minutes=rules.minimum_minutes):
        raise SpanTooShort(extra={"minimum_minutes": rules.minimum_minutes})
    if starts_at < _earliest(rules, now):
        raise TooSoon(extra={"lead_hours": rules.lead_hours})
    if ends_at > _latest(rules, now):
        raise TooFarAhead(extra={"horizon_days": rules.horizon_days})
    if any(away.starts_at < ends_at and starts_at < away.ends_at for away in rules.blackouts):
        raise BlackedOut
    if not _fits(_hours_of(rules), starts_at, ends_at):
        raise OutsideHours(extra={"zone": rules.zone})


def _fits(hours: _Hours, starts_at: datetime, ends_at: datetime) -> bool:
    slots = touched(starts_at, ends_at)
    if ends_at - starts_at < _LONG:
        return all(map(hours.is_open, slots))
    ends_in_hours = hours.is_open(slots[-1]) or hours.is_open(slot_at(ends_at))
    return hours.is_open(slots[0]) and ends_in_hours and all(map(hours.has_windows, slots))


def bounds_of(within: AvailabilityDays | AvailabilityMoments, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """What is asked for as two moments. A day begins at its first moment, also where the clock skips midnight."""
    match within:
        case AvailabilityDays(first_on=first_on, last_on=last_on):
            return _midnight(first_on, zone), _midnight(last_on + timedelta(days=1), zone)
        case AvailabilityMoments(starts_at=starts_at, ends_at=ends_at):
            return starts_at, ends_at


def _midnight(on: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(on, time(), zone).astimezone(UTC)


def free_spans(
    rules: CalendarRules,
    taken: AbstractSet[int],
    between: tuple[datetime, datetime],
    now: datetime,
    minimum_minutes: int | None = None,
) -> tuple[tuple[datetime, datetime], ...]:
    """The spans within `between` in which any booking of `minimum_minutes` or longer can be asked for, in order.

    `minimum_minutes` is the rules' own where absent or shorter. The spans begin and end with slots.
    """
    starts_at = max(between[0], _earliest(rules, now))
    ends_at = min(between[1], _latest(rules, now))
    hours, away = _hours_of(rules), _away(rules, starts_at, ends_at)
    free = (
        slot
        for slot in contained(starts_at, ends_at)
        if slot not in taken and slot not in away and hours.is_open(slot)
    )
    shortest = max(rules.minimum_minutes, minimum_minutes or 0)
    return tuple(
        (begin_of(run.start), begin_of(run.stop))
        for run in _runs(free)
        if len(run) * SLOT_MINUTES >= shortest
    )


def _earliest(rules: CalendarRules, now: datetime) -> datetime:
    return now + timedelta(hours=rules.lead_hours)


def _latest(rules: CalendarRules, now: datetime) -> datetime:
    return now + timedelta(days=rules.horizon_days)


def _hours_of(rules: CalendarRules) -> _Hours:
    windows = tuple(tuple(_minutes_of(window) for window in windows) for windows in rules.weekly.days)
    return _Hours(zone_of(rules.zone), windows)


def _minutes_of(window: OpeningWindow) -> tuple[int, int]:
    return _minute(window.opens), _minute(window.closes)


def _minute(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])


def _away(rules: CalendarRules, starts_at: datetime, ends_at: datetime) -> AbstractSet[int]:
    spans = ((max(away.starts_at, starts_at), min(away.ends_at, ends_at)) for away in rules.blackouts)
    return {slot for first, last in spans for slot in touched(first, last)}


def _runs(slots: Iterable[int]) -> Iterator[range]:
    """Ascending slots as unbroken runs."""
    run = range(0)
    for slot in slots:
        if run and slot == run.stop:
            run = range(run.start, slot + 1)
        else:
            if run:
                yield run
            run = range(slot, slot + 1)
    if run:
        yield run
