"""What the use cases of reviews are given."""

from collections.abc import Callable
from dataclasses import dataclass

from callsheet.kernel.clock import Clock
from callsheet.kernel.page import Cursors


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewsDeps:
    clock: Clock
    cursors: Callable[[], Cursors]
