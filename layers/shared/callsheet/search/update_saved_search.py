"""A saved search gets another name, or is silent, or alerts again."""

from callsheet.kernel.principal import Principal
from callsheet.platform.stale import decided_anew
from callsheet.platform.transaction import Transaction
from callsheet.search.deps import SavedDeps
from callsheet.search.saved import SavedSearchView, UpdateSavedSearch, saved_view
from callsheet.search.saved_store import put_alert, put_saved, stored_saved


def update_saved_search(
    saved_search_id: str, command: UpdateSavedSearch, caller: Principal, deps: SavedDeps
) -> SavedSearchView:
    """One read and one transaction; none where nothing changes.

    Raises SavedSearchNotFound, also for somebody else's, SavedSearchNameTaken, Stale.
    """
    return decided_anew(lambda: _update(saved_search_id, command, caller, deps))


def _update(
    saved_search_id: str, command: UpdateSavedSearch, caller: Principal, deps: SavedDeps
) -> SavedSearchView:
    item = stored_saved(caller.user_id)
    before = item.document.of(saved_search_id)
    after = before.model_copy(update=command.model_dump(exclude_none=True))
    if after == before:
        return saved_view(before)
    txn = Transaction(caller, deps.clock.now())
    put_saved(txn, item, item.document.with_changed(after), is_new=False)
    if after.is_alerting != before.is_alerting:
        put_alert(txn, after, caller.user_id)
    txn.commit()
    return saved_view(after)
