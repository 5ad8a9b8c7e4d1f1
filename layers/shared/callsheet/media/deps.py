"""What the media use cases are given."""

from dataclasses import dataclass

from callsheet.kernel.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaDeps:
    clock: Clock
