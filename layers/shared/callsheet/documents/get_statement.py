"""One statement, for its provider and for those who answer for the money."""

from callsheet.documents.deps import DocumentsDeps
from callsheet.documents.errors import StatementNotFound
from callsheet.documents.model import DocumentLink, DocumentQuery
from callsheet.documents.store import latest_issued
from callsheet.documents.views import link_to
from callsheet.kernel.ids import has_prefix
from callsheet.kernel.principal import Principal, Role

_STAFF = (Role.ADMIN, Role.SUPPORT, Role.FINANCE)


def get_statement(
    statement_id: str, query: DocumentQuery, caller: Principal, deps: DocumentsDeps
) -> DocumentLink:
    """One read. StatementNotFound for what is not the caller's, too."""
    issued = latest_issued(statement_id) if has_prefix(statement_id, "stm") else None
    if issued is None or not (issued.owner_id == caller.id or caller.has_any(*_STAFF)):
        raise StatementNotFound
    return link_to(issued, query.format, deps.clock.now())
