"""Finding people."""

from callsheet.gateways.search_errors import CollectionMissing, SearchUnavailable
from callsheet.kernel.principal import Principal
from callsheet.search.deps import SearchDeps
from callsheet.search.filters import centre_of
from callsheet.search.finding import find
from callsheet.search.listing import list_people, not_honoured
from callsheet.search.pages import Way, began_as
from callsheet.search.queries import PeopleQuery
from callsheet.search.schemas import Kind
from callsheet.search.views import PEOPLE_SHOWN, PeoplePage, facets_of, person_of


def search_people(query: PeopleQuery, caller: Principal, deps: SearchDeps) -> PeoplePage:
    """One call to the engine, and none to DynamoDB. Where no engine answers, or none did when the list began, the page
    is of the tables, and says so:
    one query a role, until there are a hundred to choose among, and batch reads of what stands beside them.

    Raises InvalidFilter, InvalidCursor, ListChanged, and Forbidden where somebody else than an admin wants
    explanations.
    """
    if began_as(Way.LISTED, Kind.PEOPLE, query, deps.cursors()):
        return _listed(query, deps)
    try:
        found = find(Kind.PEOPLE, query, PEOPLE_SHOWN, caller, deps)
    except (SearchUnavailable, CollectionMissing):
        return _listed(query, deps)
    centre = centre_of(query)
    return PeoplePage(
        items=tuple(person_of(result, centre) for result in found.items),
        total=found.total,
        facets=facets_of(found.facets),
        next_cursor=found.next_cursor,
    )


def _listed(query: PeopleQuery, deps: SearchDeps) -> PeoplePage:
    listed, centre = list_people(query, deps.cursors()), centre_of(query)
    return PeoplePage(
        items=tuple(person_of(result, centre) for result in listed.items),
        total=None,
        next_cursor=listed.next_cursor,
        degraded=True,
        not_honoured=not_honoured(query),
    )
