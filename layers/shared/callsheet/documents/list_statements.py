"""The caller's statements, page by page."""

from callsheet.documents.deps import DocumentsDeps
from callsheet.documents.model import StatementPage
from callsheet.documents.store import statements_of
from callsheet.documents.views import view_of
from callsheet.kernel.page import PageQuery
from callsheet.kernel.principal import Principal


def list_statements(query: PageQuery, caller: Principal, deps: DocumentsDeps) -> StatementPage:
    """One query, however long the page."""
    cursors, bound = deps.cursors(), f"statements#{caller.user_id}"
    found, position = statements_of(caller.user_id, cursors.read(bound, query.cursor), query.limit)
    return StatementPage(
        items=tuple(view_of(issued) for issued in found), next_cursor=cursors.write(bound, position)
    )
