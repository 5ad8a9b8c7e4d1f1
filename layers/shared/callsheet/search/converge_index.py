"""Each night the index is held against the tables, and what differs is mended and told."""

from datetime import timedelta

from callsheet.kernel.principal import Principal
from callsheet.platform.stale import Stale, decided_anew
from callsheet.platform.transaction import Transaction
from callsheet.search.comparing import difference, mend
from callsheet.search.deps import IndexingDeps
from callsheet.search.schemas import Kind
from callsheet.search.settling import settle
from callsheet.search.store import Check, stored_index

# A rebuild takes minutes; one that nobody has finished by then is given up, so that another can begin.
_GIVEN_UP_AFTER = timedelta(days=1)


def converge_people(caller: Principal, deps: IndexingDeps) -> Check:
    """What differed before it was mended. Raises IndexNotFound, SearchUnavailable."""
    decided_anew(lambda: _tidy(caller, deps))
    found = difference(stored_index(Kind.PEOPLE).document.live, deps.engine)
    mend(found, caller, deps)
    check = found.told_at(deps.clock.now())
    decided_anew(lambda: _record(check, caller, deps))
    return check


def _tidy(caller: Principal, deps: IndexingDeps) -> None:
    """Drop what is left of rebuilds that were cut off or given up, and have the alias where it belongs.

    A rebuild is given up in the item before its collection goes: one that is finished meanwhile is Stale there.
    """
    item, now = stored_index(Kind.PEOPLE), deps.clock.now()
    index = item.document
    is_given_up = index.progress is not None and now - index.progress.started_at > _GIVEN_UP_AFTER
    if index.building is not None and is_given_up:
        item.document = index.model_copy(update={"building": None, "retired": index.building})
        txn = Transaction(caller, now)
        txn.replace(item, Stale())
        txn.commit()
    settle(caller, deps)


def _record(check: Check, caller: Principal, deps: IndexingDeps) -> None:
    item = stored_index(Kind.PEOPLE)
    item.document = item.document.model_copy(update={"check": check})
    txn = Transaction(caller, deps.clock.now())
    txn.replace(item, Stale())
    txn.commit()
