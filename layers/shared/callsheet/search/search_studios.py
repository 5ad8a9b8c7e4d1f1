"""Finding studios."""

from callsheet.kernel.principal import Principal
from callsheet.search.deps import SearchDeps
from callsheet.search.filters import centre_of
from callsheet.search.finding import find
from callsheet.search.queries import StudioQuery
from callsheet.search.schemas import Kind
from callsheet.search.views import STUDIOS_SHOWN, StudioPage, facets_of, studio_of


def search_studios(query: StudioQuery, caller: Principal, deps: SearchDeps) -> StudioPage:
    """One call to the engine, and none to DynamoDB.

    Raises InvalidFilter, InvalidCursor, SearchUnavailable, and Forbidden where somebody else than an admin wants
    explanations.
    """
    found, centre = find(Kind.STUDIOS, query, STUDIOS_SHOWN, caller, deps), centre_of(query)
    return StudioPage(
        items=tuple(studio_of(result, centre) for result in found.items),
        total=found.total,
        facets=facets_of(found.facets),
        next_cursor=found.next_cursor,
    )
