"""Bringing the engine to where the index's item says it is: the alias moves, and what stood there before goes."""

from callsheet.kernel.errors import Conflict
from callsheet.kernel.principal import Principal
from callsheet.platform.stale import Stale
from callsheet.platform.transaction import Transaction
from callsheet.search.deps import IndexingDeps
from callsheet.search.schemas import Kind
from callsheet.search.store import IndexItem, stored_index

_TRIES = 3


class AliasContended(Conflict):
    """Others move the alias at the same moment: to be tried again."""

    code, title = "alias_contended", "Others are moving the alias"


def settle(caller: Principal, deps: IndexingDeps) -> bool:
    """Whether a collection went; each step can be repeated by anybody, after a crash or beside somebody else.

    Raises AliasContended, SearchUnavailable, Stale.
    """
    item = _pointed(deps)
    if item.document.retired is None:
        return False
    deps.engine.drop(item.document.retired)
    item.document = item.document.model_copy(update={"retired": None})
    txn = Transaction(caller, deps.clock.now())
    txn.replace(item, Stale())
    txn.commit()
    return True


def _pointed(deps: IndexingDeps) -> IndexItem:
    """The item once the alias stands where it says. Who has moved the alias looks again, as in ADR 0175."""
    for _ in range(_TRIES):
        item = stored_index(Kind.PEOPLE)
        if deps.engine.aliased(Kind.PEOPLE) == item.document.live:
            return item
        deps.engine.point(Kind.PEOPLE, item.document.live)  # searches change over here, from one to the next
    raise AliasContended
