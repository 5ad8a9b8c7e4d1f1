"""GET /v1/search/people: profiles that everybody may see, by words, filters and place.

Words may be misspelt, and the last one unfinished. Where a filter takes several values, commas stand between them. With
`latitude` and `longitude` only who is within `radius_km` is found, and each distance is shown. `facets` names what all
results are counted by; each is counted as if its own filter were not set. Parts that do not fit together are 400
`invalid_filter` with the `field`.

While no search engine answers, who meets the filters is listed from the tables all the same: `degraded` is true, and
`not_honoured` names what made no difference. Such a list goes on so to its end. Where an
engine has begun a list and does not answer any more, its cursor is 409 `list_changed`, and the list is to begin anew.
"""

from callsheet import wiring
from callsheet.http.endpoint import endpoint
from callsheet.kernel.errors import Forbidden, InvalidCursor
from callsheet.kernel.principal import Principal
from callsheet.search.errors import InvalidFilter, ListChanged
from callsheet.search.queries import PeopleQuery
from callsheet.search.search_people import search_people
from callsheet.search.views import PeoplePage

_DEPS = wiring.search()  # Typesense's SDK loads while the function starts


@endpoint(errors=(Forbidden, InvalidFilter, InvalidCursor, ListChanged))
def handler(query: PeopleQuery, caller: Principal) -> PeoplePage:
    return search_people(query, caller, _DEPS)
