"""The engine is told which words mean the same, in every collection that is written."""

from callsheet.kernel.errors import Conflict
from callsheet.platform.read import get_together
from callsheet.search.deps import SynonymDeps
from callsheet.search.schemas import Kind
from callsheet.search.settings import SettingKind
from callsheet.search.settings_store import current_setting
from callsheet.search.store import IndexItem, index_key

_TRIES = 3


class SynonymsContended(Conflict):
    """They change faster than they can be told: what was told last may not be what stands last."""

    code, title = "synonyms_contended", "The synonyms are being changed"


def apply_synonyms(deps: SynonymDeps) -> int:
    """Which version the engine has afterwards; 0 where it never had another.

    An engine knows no conditional write: who has written looks whether anybody has changed the setting, or begun
    another collection, since it read, and writes again (as in ADR 0175). Raises SearchUnavailable, CollectionMissing,
    SynonymsContended: all are to be tried again.
    """
    for _ in range(_TRIES):
        setting, collections = current_setting(SettingKind.SYNONYMS), _collections()
        for collection in collections:
            deps.engine.put_synonyms(collection, setting.synonyms.groups)
        if (current_setting(SettingKind.SYNONYMS).number, _collections()) == (setting.number, collections):
            return setting.number
    raise SynonymsContended


def _collections() -> tuple[str, ...]:
    """Those behind an alias and those being built; none before anything is indexed."""
    items = get_together([index_key(kind) for kind in Kind])
    return tuple(name for item in items if isinstance(item, IndexItem) for name in item.document.written)
