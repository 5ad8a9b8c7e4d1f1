"""Fields about documents."""

from callsheet.documents.errors import ReceiptNotIssued
from callsheet.documents.get_receipt import get_receipt
from callsheet.documents.model import DocumentLink, ReceiptQuery
from callsheet.graphql.binding import Resolvers
from callsheet.graphql.context import Context
from callsheet.graphql.naming import given


def _receipt(_source: object, context: Context, id: str, **asked: object) -> DocumentLink | None:  # noqa: A002
    query = ReceiptQuery.model_validate(given(asked))
    try:
        return get_receipt(id, query, context.caller, context.sources.documents())
    except ReceiptNotIssued:
        return None


RESOLVERS: Resolvers = {"Query": {"bookingReceipt": _receipt}}
