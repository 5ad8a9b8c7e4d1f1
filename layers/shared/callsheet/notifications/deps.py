"""What the notifications' use cases are given."""

from collections.abc import Callable
from dataclasses import dataclass

from callsheet.kernel.clock import Clock
from callsheet.kernel.page import Cursors


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationsDeps:
    """`cursors` is called by lists alone: whoever only writes is not granted the secret."""

    clock: Clock
    cursors: Callable[[], Cursors]
