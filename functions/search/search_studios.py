"""GET /v1/search/studios: studios that everybody may see, by words, filters and place.

As with people: commas stand between values, a point has a radius, and parts that do not fit together are 400
`invalid_filter` with the `field`. While no search engine answers, `degraded` is true and no studio is found.
"""

from callsheet import wiring
from callsheet.http.endpoint import endpoint
from callsheet.kernel.errors import Forbidden, InvalidCursor
from callsheet.kernel.principal import Principal
from callsheet.search.errors import InvalidFilter, ListChanged
from callsheet.search.queries import StudioQuery
from callsheet.search.search_studios import search_studios
from callsheet.search.views import StudioPage

_DEPS = wiring.search()  # Typesense's SDK loads while the function starts


@endpoint(errors=(Forbidden, InvalidFilter, InvalidCursor, ListChanged))
def handler(query: StudioQuery, caller: Principal) -> StudioPage:
    return search_studios(query, caller, _DEPS)
