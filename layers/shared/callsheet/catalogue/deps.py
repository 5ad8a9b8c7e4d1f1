"""What the catalogue's use cases are given."""

from dataclasses import dataclass

from callsheet.kernel.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueDeps:
    clock: Clock
