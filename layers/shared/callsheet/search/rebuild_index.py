"""A new collection is begun, to take the place of the one behind the alias; meanwhile both are written."""

from callsheet.catalogue.for_search import PUBLISHED_SHARDS
from callsheet.kernel.principal import Principal
from callsheet.platform.stale import Stale
from callsheet.platform.transaction import Transaction
from callsheet.search.collections import collection_name
from callsheet.search.deps import IndexingDeps
from callsheet.search.errors import RebuildUnderWay
from callsheet.search.portions import BUILD, Portion
from callsheet.search.schemas import SCHEMAS, Kind
from callsheet.search.store import Progress, stored_index
from callsheet.search.views_of_index import IndexView, index_view


def rebuild_people(caller: Principal, deps: IndexingDeps) -> IndexView:
    """The rest follows, shard by shard, within minutes. Raises RebuildUnderWay, IndexNotFound, Stale."""
    item, now = stored_index(Kind.PEOPLE), deps.clock.now()
    before = item.document
    if before.building is not None or before.retired is not None:
        raise RebuildUnderWay
    number = before.number + 1
    building = collection_name(Kind.PEOPLE, number)
    deps.engine.create(building, SCHEMAS[Kind.PEOPLE])
    item.document = before.model_copy(
        update={"number": number, "building": building, "progress": Progress(started_at=now)}
    )
    txn = Transaction(caller, now)
    txn.replace(item, Stale())
    for shard in range(PUBLISHED_SHARDS):
        txn.due(BUILD, Portion(building, shard).subject, now)
    txn.commit()
    return index_view(Kind.PEOPLE, item.document)
