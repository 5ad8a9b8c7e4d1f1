"""Opening hours are wall-clock time, spans are real time, and what is shown as free can be booked."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
    Blackout,
    CalendarRules,
    OpeningWindow,
    WeeklyHours,
)
from callsheet.calendar.rules import bounds_of, check_span, default_rules, free_spans
from callsheet.calendar.slots import SLOT_MINUTES, touched
from callsheet.kernel.errors import CallsheetError, Kind

_USER = "usr_01JTX0000000000000000000A1"
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def a_week(*windows: str, only: tuple[str, ...] = _DAYS) -> WeeklyHours:
    """`a_week("09:00-12:00", "13:00-18:00")`: the same on every day of `only`."""
    opening = tuple(OpeningWindow(opens=text[:5], closes=text[6:]) for text in windows)
    return WeeklyHours.model_validate(dict.fromkeys(only, opening))


def some_rules(zone: str = "UTC", weekly: WeeklyHours | None = None, **figures: object) -> CalendarRules:
    return CalendarRules.model_validate(
        {
            "resource_id": _USER,
            "zone": zone,
            "weekly": weekly or a_week("09:00-18:00"),
            "lead_hours": 0,
            "horizon_days": 365,
            **figures,
        }
    )


def moment(text: str) -> datetime:
    """UTC unless the text has an offset."""
    parsed = datetime.fromisoformat(text)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


NOW = moment("2026-01-01T00:00")


def check(rules: CalendarRules, starts_at: str, ends_at: str, now: datetime = NOW) -> None:
    check_span(rules, moment(starts_at), moment(ends_at), now)


def local(rules: CalendarRules, first_on: str, last_on: str | None = None, now: datetime = NOW) -> list[str]:
    """The free spans of some days as the provider reads them: `09:00-18:00`."""
    zone = ZoneInfo(rules.zone)
    days = AvailabilityDays.model_validate({"from": first_on, "to": last_on or first_on})
    spans = free_spans(rules, frozenset(), bounds_of(days, zone), now)
    return ["-".join(f"{at.astimezone(zone):%H:%M%z}" for at in span) for span in spans]


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "error"),
    [
        ("2026-02-02T10:00", "2026-02-02T10:00", SpanInvalid),
        ("2026-02-02T12:00", "2026-02-02T10:00", SpanInvalid),
        ("2025-12-31T10:00", "2025-12-31T12:00", SpanInvalid),
        ("2026-02-02T10:00", "2026-02-16T10:01", SpanTooLong),
        ("2026-02-02T10:00", "2026-02-02T10:59", SpanTooShort),
        ("2026-01-01T23:00", "2026-01-02T10:00", TooSoon),
        ("2026-03-02T10:00", "2026-03-02T12:00", TooFarAhead),
        ("2026-02-03T12:00", "2026-02-03T14:00", BlackedOut),
        ("2026-02-02T17:30", "2026-02-02T18:30", OutsideHours),
        ("2026-02-02T08:59", "2026-02-02T11:00", OutsideHours),
    ],
)
def test_a_span_is_refused_for_the_first_reason(
    starts_at: str, ends_at: str, error: type[CallsheetError]
) -> None:
    away = Blackout(starts_at=moment("2026-02-03T13:00"), ends_at=moment("2026-02-04T00:00"))
    rules = some_rules(lead_hours=24, horizon_days=60, blackouts=(away,))
    with pytest.raises(error) as refusal:
        check(rules, starts_at, ends_at)
    assert type(refusal.value) is error
    assert error.kind is (Kind.CONFLICT if error is BlackedOut else Kind.INVALID)


def test_boundaries_belong_to_who_books() -> None:
    away = Blackout(starts_at=moment("2026-02-03T13:00"), ends_at=moment("2026-02-03T14:00"))
    rules = some_rules(lead_hours=24, horizon_days=60, blackouts=(away,), weekly=a_week("00:00-24:00"))
    check(rules, "2026-01-02T00:00", "2026-01-02T01:00")  # exactly the lead time and the minimum
    check(rules, "2026-03-01T00:00", "2026-03-02T00:00")  # ends exactly at the horizon
    check(rules, "2026-02-03T12:00", "2026-02-03T13:00")  # ends as the blackout begins
    check(rules, "2026-02-03T14:00", "2026-02-03T15:00")  # begins as it ends
    check(rules, "2026-02-04T00:00", "2026-02-18T00:00")  # 14 days


def test_minutes_within_a_quarter_must_be_open_too() -> None:
    check(some_rules(), "2026-02-02T09:05", "2026-02-02T17:55")


def test_two_windows_leave_a_pause() -> None:
    rules = some_rules(weekly=a_week("09:00-12:00", "13:00-18:00"))
    check(rules, "2026-02-02T11:00", "2026-02-02T12:00")
    with pytest.raises(OutsideHours):
        check(rules, "2026-02-02T11:00", "2026-02-02T14:00")


def test_a_night_is_open_where_windows_join_at_midnight() -> None:
    rules = some_rules(zone="Europe/Berlin", weekly=a_week("00:00-04:00", "20:00-24:00"))
    check(rules, "2026-02-02T22:00+01:00", "2026-02-03T02:00+01:00")
    with pytest.raises(OutsideHours):
        check(rules, "2026-02-02T22:00+01:00", "2026-02-03T04:15+01:00")


def test_a_closed_day_is_closed() -> None:
    rules = some_rules(weekly=a_week("09:00-18:00", only=_DAYS[:6]))
    with pytest.raises(OutsideHours):
        check(rules, "2026-02-01T10:00", "2026-02-01T12:00")


def test_days_in_a_row_run_through_the_nights() -> None:
    rules = some_rules()
    check(rules, "2026-02-02T09:00", "2026-02-05T18:00")
    check(rules, "2026-02-02T09:00", "2026-02-16T09:00")


def test_days_in_a_row_start_and_end_within_opening_hours() -> None:
    for starts_at, ends_at in (("03:00", "12:00"), ("12:00", "20:00"), ("12:00", "08:50")):
        with pytest.raises(OutsideHours):
            check(some_rules(), f"2026-02-02T{starts_at}", f"2026-02-04T{ends_at}")


def test_days_in_a_row_touch_no_closed_day() -> None:
    rules = some_rules(weekly=a_week("09:00-18:00", only=_DAYS[:6]))
    check(rules, "2026-02-02T09:00", "2026-02-07T18:00")
    with pytest.raises(OutsideHours):
        check(rules, "2026-02-06T09:00", "2026-02-09T18:00")


def test_just_under_a_day_must_be_open_all_along() -> None:
    with pytest.raises(OutsideHours):
        check(some_rules(), "2026-02-02T12:00", "2026-02-03T11:59")
    check(some_rules(), "2026-02-02T12:00", "2026-02-03T12:00")


def test_opening_hours_stay_on_the_wall_when_clocks_go_forward() -> None:
    berlin = some_rules(zone="Europe/Berlin")
    check(berlin, "2026-03-28T09:00+01:00", "2026-03-28T18:00+01:00")
    check(berlin, "2026-03-29T09:00+02:00", "2026-03-29T18:00+02:00")
    with pytest.raises(OutsideHours):
        check(berlin, "2026-03-29T08:00+02:00", "2026-03-29T12:00+02:00")


def test_a_window_over_the_skipped_hour_is_an_hour_shorter() -> None:
    night = some_rules(zone="America/New_York", weekly=a_week("01:00-05:00"))
    assert local(night, "2026-03-08") == ["01:00-0500-05:00-0400"]
    check(night, "2026-03-08T01:00-05:00", "2026-03-08T05:00-04:00")
    within = some_rules(zone="America/New_York", weekly=a_week("02:00-03:00"))
    assert local(within, "2026-03-07", "2026-03-09") == ["02:00-0500-03:00-0500", "02:00-0400-03:00-0400"]


def test_a_window_over_the_repeated_hour_is_an_hour_longer() -> None:
    night = some_rules(zone="America/New_York", weekly=a_week("01:00-02:00"))
    assert local(night, "2026-11-01", now=moment("2026-10-01T00:00")) == ["01:00-0400-02:00-0500"]
    check(night, "2026-11-01T01:00-04:00", "2026-11-01T02:00-05:00")


def test_a_day_begins_with_its_first_moment_where_the_clock_skips_midnight() -> None:
    cairo = some_rules(zone="Africa/Cairo", weekly=a_week("00:00-24:00"))
    days = AvailabilityDays.model_validate({"from": "2026-04-24", "to": "2026-04-24"})
    starts_at, ends_at = bounds_of(days, ZoneInfo("Africa/Cairo"))
    assert starts_at == moment("2026-04-23T22:00")
    assert ends_at - starts_at == timedelta(hours=23)
    assert local(cairo, "2026-04-24") == ["01:00+0300-00:00+0300"]


def test_the_29th_of_february_is_open_on_its_weekday() -> None:
    tuesdays = some_rules(weekly=a_week("09:00-18:00", only=("tuesday",)))
    leap = moment("2028-02-01T00:00")
    assert local(tuesdays, "2028-02-28", "2028-03-01", now=leap) == ["09:00+0000-18:00+0000"]
    check(tuesdays, "2028-02-29T09:00", "2028-02-29T18:00", now=leap)


def test_a_day_near_the_date_line_is_the_providers_own() -> None:
    kiritimati = some_rules(zone="Pacific/Kiritimati", weekly=a_week("09:00-18:00", only=("monday",)))
    check(kiritimati, "2026-02-01T19:00", "2026-02-02T04:00")  # a Sunday in UTC, Monday at UTC+14
    pago_pago = some_rules(zone="Pacific/Pago_Pago", weekly=a_week("09:00-18:00", only=("monday",)))
    check(pago_pago, "2026-02-02T20:00", "2026-02-03T05:00")  # ends on a Tuesday in UTC, Monday at UTC-11


def test_a_quarter_hour_zone_opens_on_its_own_hour() -> None:
    kathmandu = some_rules(zone="Asia/Kathmandu")
    check(kathmandu, "2026-02-02T03:15", "2026-02-02T12:15")
    assert local(kathmandu, "2026-02-02") == ["09:00+0545-18:00+0545"]


def test_lead_time_horizon_and_blackouts_cut_what_is_free() -> None:
    away = Blackout(starts_at=moment("2026-02-03T12:05"), ends_at=moment("2026-02-03T13:10"))
    rules = some_rules(lead_hours=24, horizon_days=2, blackouts=(away,))
    now = moment("2026-02-01T10:07")
    assert local(rules, "2026-02-02", "2026-02-04", now=now) == [
        "10:15+0000-18:00+0000",
        "09:00+0000-10:00+0000",
    ]


def test_spans_that_are_too_short_are_left_out() -> None:
    rules, between = some_rules(), (moment("2026-02-02T00:00"), moment("2026-02-03T00:00"))
    taken = frozenset(touched(moment("2026-02-02T09:45"), moment("2026-02-02T16:00")))
    assert free_spans(rules, taken, between, NOW) == (
        (moment("2026-02-02T16:00"), moment("2026-02-02T18:00")),
    )
    assert free_spans(rules, taken, between, NOW, minimum_minutes=121) == ()
    assert len(free_spans(rules, taken, between, NOW, minimum_minutes=15)) == 1


def test_who_never_said_works_by_day_and_rests_on_sundays() -> None:
    rules = default_rules(_USER, "Europe/Berlin")
    assert local(rules, "2026-01-31", "2026-02-02") == ["08:00+0100-20:00+0100"] * 2
    assert (rules.lead_hours, rules.horizon_days, rules.minimum_minutes) == (24, 60, 60)


_ZONES = st.sampled_from(
    [
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "Pacific/Kiritimati",
        "Australia/Lord_Howe",
        "Asia/Kathmandu",
    ]
)
_QUARTERS = [f"{quarter // 4:02}:{quarter % 4 * 15:02}" for quarter in range(97)]


@st.composite
def _calendars(draw: st.DrawFn) -> CalendarRules:
    windows = []
    edges = sorted(draw(st.sets(st.integers(0, 96), min_size=2, max_size=6)))
    for opens, closes in zip(edges[::2], edges[1::2], strict=False):
        windows.append(f"{_QUARTERS[opens]}-{_QUARTERS[closes]}")
    only = draw(st.sets(st.sampled_from(_DAYS), min_size=1))
    return some_rules(
        draw(_ZONES),
        a_week(*windows, only=tuple(only)),
        lead_hours=draw(st.integers(0, 48)),
        horizon_days=draw(st.integers(3, 40)),
        minimum_minutes=draw(st.sampled_from([15, 60, 90])),
    )


@given(
    _calendars(),
    st.dates(date(2026, 3, 20), date(2026, 4, 10)),
    st.frozensets(st.integers(0, 95), max_size=20),
)
def test_what_is_shown_as_free_is_free_and_can_be_booked(
    rules: CalendarRules, on: date, numbers: frozenset[int]
) -> None:
    zone, now = ZoneInfo(rules.zone), moment("2026-03-15T10:03")
    days = AvailabilityDays.model_validate({"from": on, "to": on + timedelta(days=1)})
    between = bounds_of(days, zone)
    first = touched(*between)[0]
    taken = frozenset(first + number for number in numbers)
    spans = free_spans(rules, taken, between, now)
    for starts_at, ends_at in spans:
        assert between[0] <= starts_at < ends_at <= between[1]
        assert taken.isdisjoint(touched(starts_at, ends_at))
        for candidate in (
            (starts_at, min(ends_at, starts_at + timedelta(hours=23))),
            _shortest(rules, ends_at),
        ):
            check_span(rules, *candidate, now)
    for (_, earlier), (later, _) in pairwise(spans):
        assert earlier < later


@given(_calendars(), st.integers(0, 95), st.sampled_from([60, 90, 180]))
def test_what_can_be_booked_within_a_day_is_shown_as_free(
    rules: CalendarRules, quarter: int, minutes: int
) -> None:
    now = moment("2026-03-15T10:03")
    starts_at = moment("2026-03-28T18:00") + timedelta(minutes=SLOT_MINUTES * quarter)
    ends_at = starts_at + timedelta(minutes=minutes)
    try:
        check_span(rules, starts_at, ends_at, now)
    except CallsheetError:
        return
    between = (moment("2026-03-28T00:00"), moment("2026-03-30T12:00"))
    spans = free_spans(rules, frozenset(), between, now)
    assert any(first <= starts_at and ends_at <= last for first, last in spans)


def _shortest(rules: CalendarRules, ends_at: datetime) -> tuple[datetime, datetime]:
    return ends_at - timedelta(minutes=rules.minimum_minutes), ends_at
