"""GET /v1/search/suggest: tags, cities and profiles that begin with what is typed."""

from callsheet import wiring
from callsheet.gateways.search_errors import CollectionMissing, SearchUnavailable
from callsheet.http.endpoint import endpoint
from callsheet.search.suggest import SuggestionList, SuggestQuery, suggest

_DEPS = wiring.search()  # Typesense's SDK loads while the function starts


@endpoint(errors=(SearchUnavailable, CollectionMissing))
def handler(query: SuggestQuery) -> SuggestionList:
    return suggest(query, _DEPS)
