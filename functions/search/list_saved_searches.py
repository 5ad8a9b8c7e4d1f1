"""GET /v1/me/searches: the searches that the caller keeps, oldest first."""

from callsheet.http.endpoint import endpoint
from callsheet.kernel.principal import Principal
from callsheet.search.list_saved_searches import list_saved_searches
from callsheet.search.saved import SavedSearchList


@endpoint()
def handler(caller: Principal) -> SavedSearchList:
    return list_saved_searches(caller)
