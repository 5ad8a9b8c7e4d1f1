"""What the search's use cases are given."""

from dataclasses import dataclass

from callsheet.gateways.indexing import IndexEngine
from callsheet.kernel.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexingDeps:
    clock: Clock
    engine: IndexEngine
