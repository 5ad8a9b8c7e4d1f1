"""What the booking's use cases are given."""

from collections.abc import Callable
from dataclasses import dataclass

from callsheet.kernel.clock import Clock
from callsheet.kernel.page import Cursors


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingsDeps:
    """For use cases that do not speak to Stripe. `cursors` is called where a list is, since it needs a secret."""

    clock: Clock
    cursors: Callable[[], Cursors]
