"""What a calendar refuses to be told."""

import pytest
from pydantic import ValidationError

from callsheet.calendar.model import AvailabilityDays, AvailabilityMoments, SetRules

_NINE_TO_FIVE = {"opens": "09:00", "closes": "17:00"}


def a_calendar(**changed: object) -> dict[str, object]:
    return {"zone": "Europe/Berlin", "weekly": {"monday": [_NINE_TO_FIVE]}, **changed}


def test_days_left_out_are_closed_and_figures_have_their_defaults() -> None:
    rules = SetRules.model_validate(a_calendar())
    assert [len(windows) for windows in rules.weekly.days] == [1, 0, 0, 0, 0, 0, 0]
    assert (rules.lead_hours, rules.horizon_days, rules.minimum_minutes) == (24, 60, 60)


def test_windows_of_a_day_are_put_in_order_and_may_touch() -> None:
    evening = {"opens": "17:00", "closes": "24:00"}
    rules = SetRules.model_validate(a_calendar(weekly={"monday": [evening, _NINE_TO_FIVE]}))
    assert [window.opens for window in rules.weekly.monday] == ["09:00", "17:00"]


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("zone", {"zone": "Europe"}),
        ("zone", {"zone": "Europe/Atlantis"}),
        ("zone", {"zone": "../../etc/passwd"}),
        ("zone", {"zone": ""}),
        ("weekly", {"weekly": {"monday": [{"opens": "09:10", "closes": "17:00"}]}}),
        ("weekly", {"weekly": {"monday": [{"opens": "24:00", "closes": "24:00"}]}}),
        ("weekly", {"weekly": {"monday": [{"opens": "17:00", "closes": "09:00"}]}}),
        ("weekly", {"weekly": {"monday": [{"opens": "09:00", "closes": "09:00"}]}}),
        ("weekly", {"weekly": {"monday": [{"opens": "09:00", "closes": "25:00"}]}}),
        ("weekly", {"weekly": {"monday": [_NINE_TO_FIVE, {"opens": "16:45", "closes": "18:00"}]}}),
        ("weekly", {"weekly": {"funday": [_NINE_TO_FIVE]}}),
        (
            "blackouts",
            {"blackouts": [{"starts_at": "2026-05-02T00:00:00Z", "ends_at": "2026-05-01T00:00:00Z"}]},
        ),
        (
            "blackouts",
            {"blackouts": [{"starts_at": "2026-05-01T00:00:00", "ends_at": "2026-05-02T00:00:00"}]},
        ),
        (
            "blackouts",
            {"blackouts": [{"starts_at": "0001-01-01T00:00:00+12:00", "ends_at": "2026-05-02T00:00:00Z"}]},
        ),
        ("lead_hours", {"lead_hours": -1}),
        ("lead_hours", {"lead_hours": 1.5}),
        ("lead_hours", {"lead_hours": "24"}),
        ("horizon_days", {"horizon_days": 366}),
        ("horizon_days", {"horizon_days": 0}),
        ("minimum_minutes", {"minimum_minutes": 14}),
        ("minimum_minutes", {"minimum_minutes": 10**30}),
        ("version", {"version": -1}),
        ("opens_at", {"opens_at": "09:00"}),
    ],
)
def test_a_mistake_is_told_with_its_field(field: str, changed: dict[str, object]) -> None:
    with pytest.raises(ValidationError) as refusal:
        SetRules.model_validate(a_calendar(**changed))
    assert refusal.value.errors()[0]["loc"][0] == field


def test_a_lead_beyond_the_horizon_leaves_nothing_to_book() -> None:
    with pytest.raises(ValidationError, match="horizon"):
        SetRules.model_validate(a_calendar(lead_hours=48, horizon_days=2))


@pytest.mark.parametrize(
    "asked",
    [
        {"from": "2026-05-02", "to": "2026-05-01"},
        {"from": "2026-05-01", "to": "2026-06-01"},
        {"from": "9999-12-31", "to": "9999-12-31"},
        {"from": "0001-01-01", "to": "0001-01-01"},
        {"from": "2026-02-29", "to": "2026-03-01"},
        {"from": "2026-05-01"},
        {"from": "2026-05-01", "to": "2026-05-01", "zone": "Mars/Olympus"},
        {"from": "2026-05-01", "to": "2026-05-01", "minimum_minutes": "0"},
    ],
)
def test_days_that_cannot_be_asked_for(asked: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        AvailabilityDays.model_validate_strings(asked)


def test_31_days_can_be_asked_for() -> None:
    AvailabilityDays.model_validate_strings({"from": "2026-05-01", "to": "2026-05-31"})


@pytest.mark.parametrize(
    ("starts_at", "ends_at"),
    [
        ("2026-05-01T00:00:00Z", "2026-05-01T00:00:00Z"),
        ("2026-05-01T00:00:00Z", "2026-06-01T00:00:01Z"),
        ("2026-05-01T00:00:00", "2026-05-02T00:00:00"),
        ("0001-01-01T00:00:00+14:00", "0001-01-02T00:00:00Z"),
    ],
)
def test_moments_that_cannot_be_asked_for(starts_at: str, ends_at: str) -> None:
    with pytest.raises(ValidationError):
        AvailabilityMoments.model_validate({"starts_at": starts_at, "ends_at": ends_at})
