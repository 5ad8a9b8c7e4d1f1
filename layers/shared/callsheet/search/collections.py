"""The first collections of a stage."""

from datetime import datetime

from callsheet.gateways.indexing import IndexEngine
from callsheet.kernel.principal import Principal
from callsheet.platform.read import get_together
from callsheet.platform.stale import Stale, decided_anew
from callsheet.platform.transaction import Transaction
from callsheet.search.schemas import SCHEMAS, Kind
from callsheet.search.store import Index, IndexItem, index_item, index_key


def ensure_collections(engine: IndexEngine, caller: Principal, now: datetime) -> dict[Kind, Index]:
    """The index of each kind: where there is none, an empty collection behind its alias.

    Each step can be repeated: whoever comes second, or after a crash, finds or makes the same.
    """
    return decided_anew(lambda: _ensure(engine, caller, now))


def _ensure(engine: IndexEngine, caller: Principal, now: datetime) -> dict[Kind, Index]:
    kinds = list(Kind)
    items = get_together([index_key(kind) for kind in kinds])
    return {
        kind: item.document if isinstance(item, IndexItem) else _first(kind, engine, caller, now)
        for kind, item in zip(kinds, items, strict=True)
    }


def collection_name(kind: Kind, number: int) -> str:
    return f"{kind}_{number:04}"


def _first(kind: Kind, engine: IndexEngine, caller: Principal, now: datetime) -> Index:
    """The item comes last: what it names is there."""
    index = Index(live=collection_name(kind, 1))
    engine.create(index.live, SCHEMAS[kind])
    if engine.aliased(kind) is None:
        engine.point(kind, index.live)
    txn = Transaction(caller, now)
    txn.create(index_item(kind, index), Stale())
    txn.commit()
    return index
