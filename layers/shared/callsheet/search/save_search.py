"""Somebody keeps a search, under a name of their own."""

from datetime import datetime

from callsheet.kernel.ids import new_id
from callsheet.kernel.principal import Principal
from callsheet.platform.once import claim_and_answer, earlier, record_keys
from callsheet.platform.read import get_together
from callsheet.platform.stale import decided_anew
from callsheet.platform.transaction import Transaction
from callsheet.search.deps import SavedDeps
from callsheet.search.saved import SavedSearch, SavedSearchView, SaveSearch, kept_of, saved_view
from callsheet.search.saved_store import put_alert, put_saved, saved_from, saved_key


def save_search(command: SaveSearch, caller: Principal, deps: SavedDeps) -> SavedSearchView:
    """One batch read and one transaction; the engine is not asked.

    Raises InvalidFilter as a search would, TooManySavedSearches, SavedSearchNameTaken, Stale.
    """
    query = kept_of(command.query)
    return decided_anew(lambda: _save(command, query, caller, deps.clock.now()))


def _save(command: SaveSearch, query: str, caller: Principal, now: datetime) -> SavedSearchView:
    key = caller.request_key
    found, *records = get_together([saved_key(caller.user_id), *record_keys(key)])
    answered = earlier(SavedSearch, records[0] if records else None, key, now)
    if isinstance(answered, SavedSearch):
        return saved_view(answered)
    search = SavedSearch(
        id=new_id("svs"), name=command.name, query=query, is_alerting=command.is_alerting, created_at=now
    )
    item = saved_from(found, caller.user_id)
    txn = Transaction(caller, now)
    claim_and_answer(txn, key, search, now)
    put_saved(txn, item, item.document.with_another(search), is_new=found is None)
    put_alert(txn, search, caller.user_id)
    txn.commit()
    return saved_view(search)
