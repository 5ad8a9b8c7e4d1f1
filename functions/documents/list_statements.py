"""GET /v1/statements: the caller's monthly statements, the newest first."""

from callsheet import wiring
from callsheet.documents.list_statements import list_statements
from callsheet.documents.model import StatementPage
from callsheet.http.endpoint import endpoint
from callsheet.kernel.errors import InvalidCursor
from callsheet.kernel.page import PageQuery
from callsheet.kernel.principal import Principal


@endpoint(errors=(InvalidCursor,))
def handler(query: PageQuery, caller: Principal) -> StatementPage:
    return list_statements(query, caller, wiring.documents())
