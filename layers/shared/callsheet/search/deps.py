"""What the search's use cases are given."""

from collections.abc import Callable
from dataclasses import dataclass

from callsheet.gateways.indexing import IndexEngine
from callsheet.gateways.search_keys import SearchKeys
from callsheet.gateways.searching import SearchEngine
from callsheet.gateways.synonyms import SynonymsEngine
from callsheet.kernel.clock import Clock
from callsheet.kernel.page import Cursors
from callsheet.search.ranking import RULES, RankingRules


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexingDeps:
    clock: Clock
    engine: IndexEngine


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchDeps:
    clock: Clock
    cursors: Callable[[], Cursors]
    engine: SearchEngine
    current_rules: Callable[[], RankingRules] = lambda: RULES

    @property
    def rules(self) -> RankingRules:
        """What is ranked by now."""
        return self.current_rules()


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyDeps:
    clock: Clock
    keys: SearchKeys


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedDeps:
    """For keeping searches: the engine is not asked."""

    clock: Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchingDeps:
    clock: Clock
    engine: SearchEngine


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingDeps:
    """For changing settings: the engine is not asked."""

    clock: Clock
    cursors: Callable[[], Cursors]


@dataclass(frozen=True, slots=True, kw_only=True)
class SynonymDeps:
    engine: SynonymsEngine
