"""Somebody keeps a search no longer."""

from callsheet.kernel.principal import Principal
from callsheet.platform.stale import decided_anew
from callsheet.platform.transaction import Transaction
from callsheet.search.deps import SavedDeps
from callsheet.search.saved_store import alert_key, put_saved, stored_saved


def delete_saved_search(saved_search_id: str, caller: Principal, deps: SavedDeps) -> None:
    """One read and one transaction. Raises SavedSearchNotFound, also for somebody else's and the second time, Stale."""
    decided_anew(lambda: _delete(saved_search_id, caller, deps))


def _delete(saved_search_id: str, caller: Principal, deps: SavedDeps) -> None:
    item = stored_saved(caller.user_id)
    search = item.document.of(saved_search_id)
    txn = Transaction(caller, deps.clock.now())
    put_saved(txn, item, item.document.without(search.id), is_new=False)
    txn.delete(alert_key(search.id))
    txn.commit()
