"""What is found while no engine answers: in the catalogue's tables, by role and city, in the order of an index."""

from collections.abc import Sequence
from dataclasses import dataclass

from callsheet.catalogue.details import ProfileRole
from callsheet.catalogue.for_search import Place, candidates
from callsheet.gateways.indexing import Document
from callsheet.gateways.searching import Filter, Hit, Within
from callsheet.kernel.page import Cursors, Position
from callsheet.search.distances import kilometres, point_of
from callsheet.search.documents import people_document
from callsheet.search.filters import filters_of
from callsheet.search.finding import Result
from callsheet.search.pages import cursor_behind, listed_until
from callsheet.search.queries import PeopleQuery, SearchQuery, StudioQuery
from callsheet.search.ruling_out import rules_out
from callsheet.search.schemas import Kind

# So many are looked at for one page, however few of them meet the filters: an answer has a price that is known.
CANDIDATES = 100
_ENGINES_ALONE = ("q", "sort", "facets", "explain")


@dataclass(frozen=True, slots=True)
class Listed:
    items: tuple[Result, ...]
    next_cursor: str | None = None


def list_people(query: PeopleQuery, cursors: Cursors) -> Listed:
    """Who meets the filters, among the next hundred of the roles and the city; a page may be short, or even empty, and
    still lead to another.

    One query a role until there are a hundred, and one batch read for each hundred things beside them.

    Raises InvalidFilter, InvalidCursor, ListChanged.
    """
    filters, after = filters_of(query), _place_in(listed_until(Kind.PEOPLE, query, cursors))
    roles = query.roles or tuple(ProfileRole)
    found = candidates(roles, query.city, after, CANDIDATES)
    items: list[Result] = []
    last = None
    for place, shown in found:
        if len(items) == query.limit:
            break
        last = place
        document = people_document(shown)
        if _meets(document, filters):
            items.append(Result(Hit(document, 0, {})))
    is_last = len(found) < CANDIDATES and (not found or last == found[-1][0])
    position = None if is_last or last is None else {"role": last.role, "key": last.key}
    return Listed(tuple(items), cursor_behind(Kind.PEOPLE, query, cursors, position))


def list_studios(query: StudioQuery, cursors: Cursors) -> Listed:
    """None: only an engine knows of any. Nobody is asked. Raises InvalidFilter, InvalidCursor, ListChanged."""
    filters_of(query)
    listed_until(Kind.STUDIOS, query, cursors)
    return Listed(())


def not_honoured(query: SearchQuery) -> tuple[str, ...]:
    """What was asked for and needs an engine."""
    return tuple(name for name in _ENGINES_ALONE if name in query.model_fields_set)


def _place_in(position: Position | None) -> Place | None:
    return None if position is None else Place(position["role"], position["key"])


def _meets(document: Document, filters: Sequence[Filter]) -> bool:
    return not any(rules_out(one, document) or _is_too_far(one, document) for one in filters)


def _is_too_far(one: Filter, document: Document) -> bool:
    """Rules leave the edge of a circle to the engine; here is none."""
    if not isinstance(one, Within):
        return False
    point = point_of(document)
    return point is None or kilometres(one.centre, point) > one.radius_km
