"""Finding studios."""

from callsheet.search.asking import asks_of
from callsheet.search.deps import SearchDeps
from callsheet.search.filters import centre_of
from callsheet.search.pages import next_cursor, offset_of
from callsheet.search.queries import StudioQuery
from callsheet.search.schemas import Kind
from callsheet.search.views import STUDIOS_SHOWN, StudioPage, facets_of, studio_of


def search_studios(query: StudioQuery, deps: SearchDeps) -> StudioPage:
    """One call to the engine, and none to DynamoDB. Raises InvalidFilter, InvalidCursor, SearchUnavailable."""
    cursors, centre = deps.cursors(), centre_of(query)
    offset = offset_of(Kind.STUDIOS, query, cursors)
    found, *counted = deps.engine.search(asks_of(Kind.STUDIOS, query, STUDIOS_SHOWN, offset))
    return StudioPage(
        items=tuple(studio_of(hit, centre) for hit in found.hits),
        total=found.total,
        facets=facets_of(query.facets or (), tuple(counted)),
        next_cursor=next_cursor(Kind.STUDIOS, query, cursors, offset + len(found.hits), found.total),
    )
