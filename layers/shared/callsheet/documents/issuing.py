"""How a document is issued: first written to the bucket, then made known; after a crash in between it is done again."""

from callsheet.documents.canonical import content_hash, document_json
from callsheet.documents.files import store_document
from callsheet.documents.model import Balances, DocumentFormat, DocumentKind, Issued, Statement
from callsheet.documents.receipt import Receipt


def issued_of(
    document: Receipt | Statement, pdf: bytes, carried: dict[str, Balances] | None = None
) -> Issued:
    """Both files are in the bucket afterwards."""
    written = document_json(document)
    match document:
        case Receipt():
            of = {"owner_id": document.client.id, "booking_id": document.booking_id}
        case Statement():
            of = {"owner_id": document.provider.id, "month": document.month}
    return Issued(
        id=document.id,
        kind=DocumentKind(document.kind),
        number=document.number,
        version=document.version,
        issued_at=document.issued_at,
        replaces=document.replaces,
        content=content_hash(document),
        pdf=store_document(document, DocumentFormat.PDF, pdf),
        json_=store_document(document, DocumentFormat.JSON, written),
        carried=carried or {},
        **of,
    )
