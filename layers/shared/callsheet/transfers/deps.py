"""What the use cases of transfers are given."""

from collections.abc import Callable
from dataclasses import dataclass

from callsheet.kernel.clock import Clock
from callsheet.kernel.page import Cursors


@dataclass(frozen=True, slots=True, kw_only=True)
class TransfersDeps:
    """For use cases that do not speak to Stripe."""

    clock: Clock
    cursors: Callable[[], Cursors]
