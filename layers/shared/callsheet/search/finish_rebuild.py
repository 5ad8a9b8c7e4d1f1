"""The new collection is held against the tables, takes the alias, and the old one goes."""

from callsheet.kernel.principal import Principal
from callsheet.platform.stale import Stale
from callsheet.platform.transaction import Transaction
from callsheet.search.comparing import Difference, difference, mend
from callsheet.search.deps import IndexingDeps
from callsheet.search.errors import IndexUnverified
from callsheet.search.schemas import Kind
from callsheet.search.settling import settle
from callsheet.search.store import IndexItem, stored_index

_LOOKS = 4
# While people change their profiles some differ at any moment; those are mended, and are no reason to wait for ever.
_IN_FLIGHT = 10


def finish_rebuild(collection: str, caller: Principal, deps: IndexingDeps) -> bool:
    """Whether there was anything to do; each step can be repeated after a crash.

    The item says first that the collection is the live one: nobody who gives up a rebuild can drop it from then on.
    Raises IndexUnverified where the collection still differs after it was mended, SearchUnavailable, Stale.
    """
    item = stored_index(Kind.PEOPLE)
    if item.document.building == collection:
        verified = _verified(collection, caller, deps)
        _take_over(item, verified, caller, deps)
    return settle(caller, deps)


def _verified(collection: str, caller: Principal, deps: IndexingDeps) -> Difference:
    """What differed at the first look; at the last every checksum is right, but for what is in flight."""
    first = found = difference(collection, deps.engine)
    for _ in range(_LOOKS):
        if not found.ids:
            return first
        mend(found, caller, deps)
        found = difference(collection, deps.engine)
    if len(found.ids) > _IN_FLIGHT:
        raise IndexUnverified(extra={"differing": len(found.ids)})
    mend(found, caller, deps)
    return first


def _take_over(item: IndexItem, verified: Difference, caller: Principal, deps: IndexingDeps) -> None:
    before = item.document
    check = verified.told_at(deps.clock.now())
    item.document = before.model_copy(
        update={"live": before.building, "building": None, "retired": before.live, "check": check}
    )
    txn = Transaction(caller, deps.clock.now())
    txn.replace(item, Stale())
    txn.commit()
