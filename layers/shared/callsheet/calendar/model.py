"""When somebody works, what is asked of their calendar, and what callers are shown."""

from datetime import timedelta
from itertools import pairwise
from typing import Annotated, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field, model_validator

from callsheet.calendar.moments import Day, UtcMoment
from callsheet.calendar.zones import ZoneName
from callsheet.kernel.models import COMMAND, FROZEN, STORED

MAX_DAYS = 31


class OpeningWindow(BaseModel):
    """Local wall-clock times; a window that ends at 24:00 joins one that opens the next day at 00:00."""

    model_config = COMMAND

    opens: str = Field(pattern="^([01][0-9]|2[0-3]):(00|15|30|45)$", examples=["09:00"])
    closes: str = Field(pattern="^(([01][0-9]|2[0-3]):(00|15|30|45)|24:00)$", examples=["18:00"])

    @model_validator(mode="after")
    def _closes_after_it_opens(self) -> Self:
        if self.closes <= self.opens:
            raise ValueError("closes must be later than opens; end at 24:00 and open the next day at 00:00")
        return self


def _apart(windows: tuple[OpeningWindow, ...]) -> tuple[OpeningWindow, ...]:
    ordered = tuple(sorted(windows, key=lambda window: window.opens))
    if any(later.opens < earlier.closes for earlier, later in pairwise(ordered)):
        raise ValueError("windows of one day may not overlap")
    return ordered


type DayHours = Annotated[tuple[OpeningWindow, ...], AfterValidator(_apart), Field(max_length=12)]


class WeeklyHours(BaseModel):
    """The opening windows of each day; a day without one is closed."""

    model_config = COMMAND

    monday: DayHours = ()
    tuesday: DayHours = ()
    wednesday: DayHours = ()
    thursday: DayHours = ()
    friday: DayHours = ()
    saturday: DayHours = ()
    sunday: DayHours = ()

    @property
    def days(self) -> tuple[tuple[OpeningWindow, ...], ...]:
        """Monday first, as `datetime.weekday()` counts."""
        return (
            *(self.monday, self.tuesday, self.wednesday, self.thursday),
            *(self.friday, self.saturday, self.sunday),
        )


class Blackout(BaseModel):
    """A span in which nobody can book, whatever the week says."""

    model_config = COMMAND

    starts_at: UtcMoment
    ends_at: UtcMoment

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.ends_at <= self.starts_at:
            raise ValueError("ends_at must be later than starts_at")
        return self


class Rules(BaseModel):
    """The figures' defaults stand in numbers.md, "Booking"."""

    model_config = COMMAND

    zone: ZoneName
    weekly: WeeklyHours
    blackouts: tuple[Blackout, ...] = Field(default=(), max_length=100)
    lead_hours: int = Field(default=24, strict=True, ge=0, le=720, description="Notice before a start")
    horizon_days: int = Field(default=60, strict=True, ge=1, le=365, description="How far ahead one may book")
    minimum_minutes: int = Field(default=60, strict=True, ge=15, le=1440, description="The shortest booking")

    @model_validator(mode="after")
    def _leaves_time_to_book(self) -> Self:
        if self.lead_hours >= self.horizon_days * 24:
            raise ValueError("lead_hours must be less than the horizon")
        return self


class CalendarRules(Rules):
    """Rules as they are stored; `resource_id` is whose time it is, whichever profile is booked."""

    model_config = STORED

    resource_id: str


class SetRules(Rules):
    """`version`, where given, is the one the caller has read: the change is refused where it is no longer that."""

    version: int | None = Field(default=None, strict=True, ge=0)


class RulesView(Rules):
    """One's own calendar."""

    model_config = STORED

    version: int


class Asked(BaseModel):
    model_config = COMMAND

    zone: ZoneName | None = Field(default=None, description="The asker's; the provider's own where absent")
    minimum_minutes: int | None = Field(default=None, ge=15, le=1440, description="Leave shorter spans out")


class AvailabilityDays(Asked):
    """Whole days in the asker's zone, the last included."""

    first_on: Day = Field(alias="from", examples=["2026-05-01"])
    last_on: Day = Field(alias="to", examples=["2026-05-07"])

    @model_validator(mode="after")
    def _is_a_range(self) -> Self:
        if not 0 <= (self.last_on - self.first_on).days < MAX_DAYS:
            raise ValueError(f"to is from or up to {MAX_DAYS - 1} days later")
        return self


class AvailabilityMoments(Asked):
    """From one moment until another."""

    starts_at: UtcMoment
    ends_at: UtcMoment

    @model_validator(mode="after")
    def _is_a_range(self) -> Self:
        if not timedelta() < self.ends_at - self.starts_at <= timedelta(days=MAX_DAYS):
            raise ValueError(f"ends_at is later than starts_at by at most {MAX_DAYS} days")
        return self


class AvailabilityQuery(BaseModel):
    """When a provider, named by their own id or a profile's, is free within days or between moments."""

    model_config = FROZEN

    provider_id: str
    within: AvailabilityDays | AvailabilityMoments


class FreeSpan(BaseModel):
    model_config = FROZEN

    starts_at: AwareDatetime
    ends_at: AwareDatetime


class AvailabilityView(BaseModel):
    """When a provider can be booked."""

    model_config = FROZEN

    provider_id: str
    zone: str = Field(description="IANA name of the zone the provider works in")
    free: tuple[FreeSpan, ...] = Field(description="In order; in the asker's zone")
