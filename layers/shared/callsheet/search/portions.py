"""A rebuild goes in portions, each a deadline that is due at once: a shard, from one profile on."""

from dataclasses import dataclass
from typing import Self

BUILD = "search.build"
FINISH = "search.finish"


@dataclass(frozen=True, slots=True)
class Portion:
    """Of which collection, which shard, and behind which profile it goes on."""

    collection: str
    shard: int
    after: str | None = None

    @property
    def subject(self) -> str:
        return f"{self.collection}|{self.shard}|{self.after or ''}"

    @classmethod
    def of(cls, subject: str) -> Self:
        collection, shard, after = subject.split("|")
        return cls(collection, int(shard), after or None)
