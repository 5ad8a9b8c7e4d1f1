"""GET /v1/me/favourites: the profiles that the caller keeps, the newest first.

What was kept or let go a moment ago may not show yet.
"""

from callsheet import wiring
from callsheet.catalogue.favourites import FavouritePage
from callsheet.catalogue.list_favourites import list_favourites
from callsheet.http.endpoint import endpoint
from callsheet.kernel.errors import InvalidCursor
from callsheet.kernel.page import PageQuery
from callsheet.kernel.principal import Principal


@endpoint(errors=(InvalidCursor,))
def handler(query: PageQuery, caller: Principal) -> FavouritePage:
    return list_favourites(query, caller, wiring.listing())
