"""POST /v1/me/searches: the caller keeps a search, under a name of their own, and is told of profiles that answer it.

Told is of each profile once, when it is published or changes. Names are unique among the caller's, whatever their case.
"""

from callsheet import wiring
from callsheet.http.endpoint import endpoint
from callsheet.kernel.principal import Principal
from callsheet.platform.stale import Stale
from callsheet.search.errors import InvalidFilter
from callsheet.search.save_search import save_search
from callsheet.search.saved import SavedSearchNameTaken, SavedSearchView, SaveSearch, TooManySavedSearches


@endpoint(status=201, errors=(InvalidFilter, TooManySavedSearches, SavedSearchNameTaken, Stale))
def handler(body: SaveSearch, caller: Principal) -> SavedSearchView:
    return save_search(body, caller, wiring.saved_searches())
