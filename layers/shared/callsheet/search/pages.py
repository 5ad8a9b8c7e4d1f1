"""Where a list of results goes on: in the way in which it began."""

from enum import StrEnum

from callsheet.kernel.errors import InvalidCursor
from callsheet.kernel.page import Cursors, Position
from callsheet.search.asking import MAX_RESULTS
from callsheet.search.errors import ListChanged
from callsheet.search.queries import SearchQuery
from callsheet.search.schemas import Kind

_OFFSET = "offset"


class Way(StrEnum):
    """How a list is made: by an engine, or of the tables while none answers."""

    FOUND = "search"
    LISTED = "listing"


def began_as(way: Way, kind: Kind, query: SearchQuery, cursors: Cursors) -> bool:
    """Whether the query goes on with a list of that way."""
    try:
        return cursors.read(_bound(way, kind, query), query.cursor) is not None
    except InvalidCursor:
        return False


def offset_of(kind: Kind, query: SearchQuery, cursors: Cursors) -> int:
    """How many were shown before. Raises InvalidCursor for one of another query."""
    position = cursors.read(_bound(Way.FOUND, kind, query), query.cursor)
    return 0 if position is None else int(position[_OFFSET])


def next_cursor(kind: Kind, query: SearchQuery, cursors: Cursors, shown: int, total: int) -> str | None:
    """`shown` is how many have been by now."""
    has_more = shown < min(total, MAX_RESULTS)
    return cursors.write(_bound(Way.FOUND, kind, query), {_OFFSET: str(shown)} if has_more else None)


def listed_until(kind: Kind, query: SearchQuery, cursors: Cursors) -> Position | None:
    """Raises InvalidCursor for one of another query, and ListChanged for one of a list that an engine has begun."""
    if began_as(Way.FOUND, kind, query, cursors):
        raise ListChanged
    return cursors.read(_bound(Way.LISTED, kind, query), query.cursor)


def cursor_behind(kind: Kind, query: SearchQuery, cursors: Cursors, position: Position | None) -> str | None:
    return cursors.write(_bound(Way.LISTED, kind, query), position)


def _bound(way: Way, kind: Kind, query: SearchQuery) -> str:
    """Everything but where it stands: pages of the engine have one length from the first to the last."""
    return f"{way}#{kind}#{query.model_dump_json(exclude={'cursor', 'facets', 'explain'})}"
