"""Finding people."""

from callsheet.search.asking import asks_of
from callsheet.search.deps import SearchDeps
from callsheet.search.filters import centre_of
from callsheet.search.pages import next_cursor, offset_of
from callsheet.search.queries import PeopleQuery
from callsheet.search.schemas import Kind
from callsheet.search.views import PEOPLE_SHOWN, PeoplePage, facets_of, person_of


def search_people(query: PeopleQuery, deps: SearchDeps) -> PeoplePage:
    """One call to the engine, and none to DynamoDB. Raises InvalidFilter, InvalidCursor, SearchUnavailable."""
    cursors, centre = deps.cursors(), centre_of(query)
    offset = offset_of(Kind.PEOPLE, query, cursors)
    found, *counted = deps.engine.search(asks_of(Kind.PEOPLE, query, PEOPLE_SHOWN, offset))
    return PeoplePage(
        items=tuple(person_of(hit, centre) for hit in found.hits),
        total=found.total,
        facets=facets_of(query.facets or (), tuple(counted)),
        next_cursor=next_cursor(Kind.PEOPLE, query, cursors, offset + len(found.hits), found.total),
    )
