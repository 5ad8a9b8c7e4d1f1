"""An index held against the tables: what differs, by checksum."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import batched

from callsheet.catalogue.for_search import PUBLISHED_SHARDS, profile_key, published_ids, shown_among
from callsheet.gateways.indexing import IndexEngine
from callsheet.kernel.principal import Principal
from callsheet.platform.read import get_together
from callsheet.search.deps import IndexingDeps
from callsheet.search.documents import people_document
from callsheet.search.index_profiles import MAX_PROFILES, index_profiles
from callsheet.search.store import Check


@dataclass(frozen=True, slots=True)
class Difference:
    """Ids of documents that are not there, that are others than they should be, and that should not be there."""

    documents: int
    missing: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()

    def told_at(self, moment: datetime) -> Check:
        """In figures."""
        return Check(
            checked_at=moment,
            documents=self.documents,
            missing=len(self.missing),
            stale=len(self.stale),
            extra=len(self.extra),
        )

    @property
    def ids(self) -> tuple[str, ...]:
        return (*self.missing, *self.stale, *self.extra)


def difference(collection: str, engine: IndexEngine) -> Difference:
    """What the collection has is read first: what changes meanwhile looks different, and mending it does no harm.

    One export, and two batch reads for fifty profiles.
    """
    there = {
        str(document["id"]): str(document["checksum"])
        for document in engine.export(collection, ("id", "checksum"))
    }
    wanted = {profile_id: found for ids in published() for profile_id, found in _checksums(ids).items()}
    return Difference(
        len(wanted),
        missing=tuple(sorted(wanted.keys() - there.keys())),
        stale=tuple(sorted(one for one in wanted.keys() & there.keys() if wanted[one] != there[one])),
        extra=tuple(sorted(there.keys() - wanted.keys())),
    )


def mend(found: Difference, caller: Principal, deps: IndexingDeps) -> None:
    """Write what differs as it is now, in all collections that are written. Raises what `index_profiles` does."""
    for ids in batched(found.ids, MAX_PROFILES, strict=False):
        index_profiles(ids, caller, deps)


def published() -> Iterator[list[str]]:
    """Ids of all that is published, fifty at a time."""
    for shard in range(PUBLISHED_SHARDS):
        after: str | None = None
        while ids := published_ids(shard, after, MAX_PROFILES):
            after = ids[-1]
            yield ids


def _checksums(ids: list[str]) -> Mapping[str, str]:
    """Of those that are published still, as the tables have them."""
    shown = shown_among(get_together([profile_key(profile_id) for profile_id in ids]))
    return {profile_id: str(people_document(one)["checksum"]) for profile_id, one in shown.items()}
