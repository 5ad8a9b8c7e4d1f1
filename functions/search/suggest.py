"""GET /v1/search/suggest: tags, cities and profiles that begin with what is typed.

While no search engine answers there are none, and `degraded` is true.
"""

from callsheet import wiring
from callsheet.http.endpoint import endpoint
from callsheet.search.suggest import SuggestionList, SuggestQuery, suggest

_DEPS = wiring.search()  # Typesense's SDK loads while the function starts


@endpoint()
def handler(query: SuggestQuery) -> SuggestionList:
    return suggest(query, _DEPS)
