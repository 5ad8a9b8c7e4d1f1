"""Finding people."""

from callsheet.kernel.principal import Principal
from callsheet.search.deps import SearchDeps
from callsheet.search.filters import centre_of
from callsheet.search.finding import find
from callsheet.search.queries import PeopleQuery
from callsheet.search.schemas import Kind
from callsheet.search.views import PEOPLE_SHOWN, PeoplePage, facets_of, person_of


def search_people(query: PeopleQuery, caller: Principal, deps: SearchDeps) -> PeoplePage:
    """One call to the engine, and none to DynamoDB.

    Raises InvalidFilter, InvalidCursor, SearchUnavailable, and Forbidden where somebody else than an admin wants
    explanations.
    """
    found, centre = find(Kind.PEOPLE, query, PEOPLE_SHOWN, caller, deps), centre_of(query)
    return PeoplePage(
        items=tuple(person_of(result, centre) for result in found.items),
        total=found.total,
        facets=facets_of(found.facets),
        next_cursor=found.next_cursor,
    )
