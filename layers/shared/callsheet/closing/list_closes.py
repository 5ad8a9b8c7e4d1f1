"""All closes, the latest day first."""

from callsheet.closing.deps import ClosingDeps
from callsheet.closing.model import ClosePage
from callsheet.closing.store import closes_before
from callsheet.closing.views import close_view
from callsheet.kernel.page import PageQuery

_LIST = "closes"


def list_closes(query: PageQuery, deps: ClosingDeps) -> ClosePage:
    """One query, however long the page."""
    cursors = deps.cursors()
    closes, position = closes_before(cursors.read(_LIST, query.cursor), query.limit)
    return ClosePage(items=tuple(map(close_view, closes)), next_cursor=cursors.write(_LIST, position))
