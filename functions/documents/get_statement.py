"""GET /v1/statements/{statement_id}: one month of a provider, as a PDF or as JSON.

The answer has an address to fetch it from, which is good for ten minutes.
"""

from callsheet import wiring
from callsheet.documents.errors import StatementNotFound
from callsheet.documents.get_statement import get_statement
from callsheet.documents.model import DocumentLink, DocumentQuery
from callsheet.http.endpoint import endpoint
from callsheet.kernel.principal import Principal


@endpoint(errors=(StatementNotFound,))
def handler(statement_id: str, query: DocumentQuery, caller: Principal) -> DocumentLink:
    return get_statement(statement_id, query, caller, wiring.documents())
