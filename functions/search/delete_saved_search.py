"""DELETE /v1/me/searches/{saved_search_id}: the caller keeps the search no longer, and hears nothing more of it."""

from callsheet import wiring
from callsheet.http.endpoint import endpoint
from callsheet.kernel.principal import Principal
from callsheet.platform.stale import Stale
from callsheet.search.delete_saved_search import delete_saved_search
from callsheet.search.saved import SavedSearchNotFound


@endpoint(status=204, errors=(SavedSearchNotFound, Stale))
def handler(saved_search_id: str, caller: Principal) -> None:
    delete_saved_search(saved_search_id, caller, wiring.saved_searches())
