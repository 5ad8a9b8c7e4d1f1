"""Words that a search engine takes for the same, whichever engine it is."""

from collections.abc import Mapping
from typing import Protocol


class SynonymsEngine(Protocol):
    def put_synonyms(self, collection: str, groups: Mapping[str, tuple[str, ...]]) -> None:
        """Those of a collection are these afterwards, by the names of the groups, and no others.

        Raises SearchUnavailable, CollectionMissing.
        """
