"""Where a list of results goes on."""

from callsheet.kernel.page import Cursors
from callsheet.search.asking import MAX_RESULTS
from callsheet.search.queries import SearchQuery
from callsheet.search.schemas import Kind

_OFFSET = "offset"


def offset_of(kind: Kind, query: SearchQuery, cursors: Cursors) -> int:
    """How many were shown before. Raises InvalidCursor for one of another query."""
    position = cursors.read(_bound(kind, query), query.cursor)
    return 0 if position is None else int(position[_OFFSET])


def next_cursor(kind: Kind, query: SearchQuery, cursors: Cursors, shown: int, total: int) -> str | None:
    """`shown` is how many have been by now."""
    has_more = shown < min(total, MAX_RESULTS)
    return cursors.write(_bound(kind, query), {_OFFSET: str(shown)} if has_more else None)


def _bound(kind: Kind, query: SearchQuery) -> str:
    """Everything but where it stands: pages of the engine have one length from the first to the last."""
    return f"search#{kind}#{query.model_dump_json(exclude={'cursor', 'facets', 'explain'})}"
