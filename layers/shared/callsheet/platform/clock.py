"""The clock of this stage."""

from functools import cache

from callsheet.kernel.clock import Clock, OffsetClock, SystemClock
from callsheet.platform.settings import settings


@cache
def clock() -> Clock:
    """The system's clock; in the stage `local` one that `make advance` can move."""
    offset_file = settings().clock_offset_file
    return SystemClock() if offset_file is None else OffsetClock(offset_file)
