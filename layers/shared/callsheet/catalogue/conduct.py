"""How reliably a profile's bookings go: what is counted of them, and the rates that follow. Pure decisions."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from pydantic import BaseModel

from callsheet.kernel.models import FROZEN

_DAYS = 90
# One mishap among few bookings is no rate.
_FEWEST = 2
# More of them in three months move no rate that matters.
_MOST_INCIDENTS = 200
_WHOLE = 10_000


class Mishap(StrEnum):
    """What counts against a profile; the payment provider's id or the booking's names each one."""

    CANCELLATION = "cancellation"
    DISPUTE = "dispute"


# numbers.md, "Search": penalties above 5 % disputes (30 days) and 8 % cancellations (90 days).
WINDOWS: Mapping[Mishap, int] = MappingProxyType({Mishap.CANCELLATION: _DAYS, Mishap.DISPUTE: 30})


class Incident(BaseModel):
    """One mishap. What a bank has decided for the provider is remembered, and does not count."""

    model_config = FROZEN

    id: str
    kind: Mishap
    on: date
    counts: bool = True


class Conduct(BaseModel):
    """The last ninety days of a profile. Rates are hundredths of a per cent, as of when they were counted last.

    `recount_on` is the day for which another look is arranged: rates change also where nothing happens.
    """

    model_config = FROZEN

    accepted: dict[date, int] = {}
    incidents: tuple[Incident, ...] = ()
    dispute_rate: int = 0
    cancellation_rate: int = 0
    recount_on: date | None = None

    @property
    def rates(self) -> tuple[int, int]:
        return self.dispute_rate, self.cancellation_rate


def with_accepted(conduct: Conduct, at: datetime) -> Conduct:
    on = at.date()
    return conduct.model_copy(update={"accepted": {**conduct.accepted, on: conduct.accepted.get(on, 0) + 1}})


def with_incident(conduct: Conduct, found: Incident) -> Conduct:
    """Each counts once, whoever tells of it again; what was won stays won, also where that is told first."""
    before = [one for one in conduct.incidents if (one.kind, one.id) == (found.kind, found.id)]
    others = tuple(one for one in conduct.incidents if one not in before)
    kept = found.model_copy(
        update={
            "on": min([found.on, *(one.on for one in before)]),
            "counts": found.counts and all(one.counts for one in before),
        }
    )
    latest = sorted((*others, kept), key=lambda one: (one.on, one.id))
    return conduct.model_copy(update={"incidents": tuple(latest[-_MOST_INCIDENTS:])})


def counted(conduct: Conduct, today: date) -> Conduct:
    """Without what is too old, with the rates of `today`."""
    since = today - timedelta(days=_DAYS)
    kept = conduct.model_copy(
        update={
            "accepted": {on: count for on, count in sorted(conduct.accepted.items()) if on > since},
            "incidents": tuple(one for one in conduct.incidents if one.on > since),
        }
    )
    return kept.model_copy(
        update={
            "dispute_rate": _rate(kept, Mishap.DISPUTE, today),
            "cancellation_rate": _rate(kept, Mishap.CANCELLATION, today),
        }
    )


def _rate(conduct: Conduct, kind: Mishap, today: date) -> int:
    """Of the bookings that were accepted in the same days; never more than all of them."""
    since = today - timedelta(days=WINDOWS[kind])
    mishaps = sum(one.counts and one.kind is kind and one.on > since for one in conduct.incidents)
    if mishaps < _FEWEST:
        return 0
    accepted = sum(count for on, count in conduct.accepted.items() if on > since)
    return _WHOLE * mishaps // max(accepted, mishaps)
