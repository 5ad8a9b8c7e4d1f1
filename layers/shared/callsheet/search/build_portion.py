"""A portion of a shard is written into the collection that is being built, and the next one arranged."""

from callsheet.catalogue.for_search import PUBLISHED_SHARDS, published_ids
from callsheet.kernel.principal import Principal
from callsheet.platform.stale import Stale, decided_anew
from callsheet.platform.transaction import Transaction
from callsheet.search.deps import IndexingDeps
from callsheet.search.index_profiles import MAX_PROFILES, index_profiles
from callsheet.search.portions import BUILD, FINISH, Portion
from callsheet.search.schemas import Kind
from callsheet.search.store import Index, Progress, stored_index

# In one portion: each fifty take a few calls of some milliseconds.
MOST_BATCHES = 20


def build_portion(portion: Portion, caller: Principal, deps: IndexingDeps) -> bool:
    """Whether there was anything to do: a collection that is no longer being built is left alone.

    What it writes it reads anew and claims as the indexer does, so that nobody writes over anything newer, and it can
    be repeated. Raises what `index_profiles` does.
    """
    if stored_index(Kind.PEOPLE).document.building != portion.collection:
        return False
    after, written = portion.after, 0
    for _ in range(MOST_BATCHES):
        ids = published_ids(portion.shard, after, MAX_PROFILES)
        if not ids:
            break
        index_profiles(ids, caller, deps)
        after, written = ids[-1], written + len(ids)
    is_done = written < MOST_BATCHES * MAX_PROFILES
    decided_anew(lambda: _record(portion, after, written, caller, deps, is_done=is_done))
    return True


def _record(
    portion: Portion, after: str | None, written: int, caller: Principal, deps: IndexingDeps, *, is_done: bool
) -> None:
    """How far it is, and what comes next: one transaction."""
    item, now = stored_index(Kind.PEOPLE), deps.clock.now()
    index = item.document
    if index.building != portion.collection or index.progress is None:
        return
    item.document = _further(index, index.progress, portion.shard, written, is_done=is_done)
    txn = Transaction(caller, now)
    txn.replace(item, Stale())
    if not is_done:
        txn.due(BUILD, Portion(portion.collection, portion.shard, after).subject, now)
    elif item.document.progress and len(item.document.progress.shards) == PUBLISHED_SHARDS:
        txn.due(FINISH, portion.collection, now)
    txn.commit()


def _further(index: Index, progress: Progress, shard: int, written: int, *, is_done: bool) -> Index:
    shards = {*progress.shards, shard} if is_done else set(progress.shards)
    further = progress.model_copy(
        update={"shards": tuple(sorted(shards)), "documents": progress.documents + written}
    )
    return index.model_copy(update={"progress": further})
