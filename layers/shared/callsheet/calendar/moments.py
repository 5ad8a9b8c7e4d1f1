"""Days and moments within reason, as callers may name them."""

from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime

_FIRST_ON, _LAST_ON = date(2000, 1, 1), date(2199, 12, 31)


def _within_reason(on: date) -> date:
    if not _FIRST_ON <= on <= _LAST_ON:
        raise ValueError(f"must lie between {_FIRST_ON} and {_LAST_ON}")
    return on


def _in_utc(moment: datetime) -> datetime:
    _within_reason(moment.date())
    return moment.astimezone(UTC)


type UtcMoment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
type Day = Annotated[date, AfterValidator(_within_reason)]
