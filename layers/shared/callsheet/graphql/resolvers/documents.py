"""Fields about documents."""

from callsheet.documents.errors import ReceiptNotIssued, StatementNotFound
from callsheet.documents.get_receipt import get_receipt
from callsheet.documents.get_statement import get_statement
from callsheet.documents.list_statements import list_statements
from callsheet.documents.model import DocumentLink, DocumentQuery, ReceiptQuery, StatementPage
from callsheet.graphql.binding import Resolvers
from callsheet.graphql.context import Context
from callsheet.graphql.naming import given
from callsheet.kernel.page import PageQuery


def _receipt(_source: object, context: Context, id: str, **asked: object) -> DocumentLink | None:  # noqa: A002
    query = ReceiptQuery.model_validate(given(asked))
    try:
        return get_receipt(id, query, context.caller, context.sources.documents())
    except ReceiptNotIssued:
        return None


def _statements(_source: object, context: Context, **page: object) -> StatementPage:
    query = PageQuery.model_validate(given(page))
    return list_statements(query, context.caller, context.sources.documents())


def _statement(_source: object, context: Context, id: str, **asked: object) -> DocumentLink | None:  # noqa: A002
    query = DocumentQuery.model_validate(given(asked))
    try:
        return get_statement(id, query, context.caller, context.sources.documents())
    except StatementNotFound:
        return None


RESOLVERS: Resolvers = {
    "Query": {"bookingReceipt": _receipt, "statements": _statements, "statement": _statement}
}
