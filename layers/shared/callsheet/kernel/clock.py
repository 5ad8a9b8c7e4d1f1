"""The time, as a parameter, and the beat of what is looked at again and again."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol


class Clock(Protocol):
    """Answers the present moment as an aware UTC datetime."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class OffsetClock:
    """The machine's clock plus the whole seconds that stand in a file; only the stage `local` has one."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self._offset_seconds())

    def _offset_seconds(self) -> int:
        try:
            return int(self._path.read_text().strip() or "0")
        except FileNotFoundError:
            return 0


def next_beat(since: datetime, every: timedelta, now: datetime) -> datetime:
    """The first of the moments `every` after `since`, again and again, that is still to come.

    Whoever arranges a look repeatedly, or is repeated, arranges the same one.
    """
    return since + ((now - since) // every + 1) * every
