"""PATCH /v1/me/searches/{saved_search_id}: another name, or silence, or alerts again."""

from callsheet import wiring
from callsheet.http.endpoint import endpoint
from callsheet.kernel.principal import Principal
from callsheet.platform.stale import Stale
from callsheet.search.saved import (
    SavedSearchNameTaken,
    SavedSearchNotFound,
    SavedSearchView,
    UpdateSavedSearch,
)
from callsheet.search.update_saved_search import update_saved_search


@endpoint(errors=(SavedSearchNotFound, SavedSearchNameTaken, Stale))
def handler(saved_search_id: str, body: UpdateSavedSearch, caller: Principal) -> SavedSearchView:
    return update_saved_search(saved_search_id, body, caller, wiring.saved_searches())
