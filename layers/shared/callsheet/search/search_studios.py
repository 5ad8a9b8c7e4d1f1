"""Finding studios."""

from callsheet.gateways.search_errors import CollectionMissing, SearchUnavailable
from callsheet.kernel.principal import Principal
from callsheet.search.deps import SearchDeps
from callsheet.search.filters import centre_of
from callsheet.search.finding import find
from callsheet.search.listing import list_studios, not_honoured
from callsheet.search.queries import StudioQuery
from callsheet.search.schemas import Kind
from callsheet.search.views import STUDIOS_SHOWN, StudioPage, facets_of, studio_of


def search_studios(query: StudioQuery, caller: Principal, deps: SearchDeps) -> StudioPage:
    """One call to the engine, and none to DynamoDB. Where no engine answers the page is of the tables, and says so:
    nobody is asked, and none found.

    Raises InvalidFilter, InvalidCursor, ListChanged, and Forbidden where somebody else than an admin wants
    explanations.
    """
    try:
        found = find(Kind.STUDIOS, query, STUDIOS_SHOWN, caller, deps)
    except (SearchUnavailable, CollectionMissing):
        return _listed(query, deps)
    centre = centre_of(query)
    return StudioPage(
        items=tuple(studio_of(result, centre) for result in found.items),
        total=found.total,
        facets=facets_of(found.facets),
        next_cursor=found.next_cursor,
    )


def _listed(query: StudioQuery, deps: SearchDeps) -> StudioPage:
    listed, centre = list_studios(query, deps.cursors()), centre_of(query)
    return StudioPage(
        items=tuple(studio_of(result, centre) for result in listed.items),
        total=None,
        next_cursor=listed.next_cursor,
        degraded=True,
        not_honoured=not_honoured(query),
    )
