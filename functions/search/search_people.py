"""GET /v1/search/people: profiles that everybody may see, by words, filters and place.

Words may be misspelt, and the last one unfinished. Where a filter takes several values, commas stand between them. With
`latitude` and `longitude` only who is within `radius_km` is found, and each distance is shown. `facets` names what all
results are counted by; each is counted as if its own filter were not set. Parts that do not fit together are 400
`invalid_filter` with the `field`.
"""

from callsheet import wiring
from callsheet.gateways.search_errors import CollectionMissing, SearchUnavailable
from callsheet.http.endpoint import endpoint
from callsheet.kernel.errors import Forbidden, InvalidCursor
from callsheet.kernel.principal import Principal
from callsheet.search.errors import InvalidFilter
from callsheet.search.queries import PeopleQuery
from callsheet.search.search_people import search_people
from callsheet.search.views import PeoplePage

_DEPS = wiring.search()  # Typesense's SDK loads while the function starts


@endpoint(errors=(Forbidden, InvalidFilter, InvalidCursor, SearchUnavailable, CollectionMissing))
def handler(query: PeopleQuery, caller: Principal) -> PeoplePage:
    return search_people(query, caller, _DEPS)
