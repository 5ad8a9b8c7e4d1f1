"""Issued documents as callers see them."""

from datetime import datetime

from callsheet.documents.files import SHOWN_FOR, file_of, sign_file
from callsheet.documents.model import DocumentFormat, DocumentLink, Issued, StatementView


def link_to(issued: Issued, written_as: DocumentFormat, now: datetime) -> DocumentLink:
    file = file_of(issued, written_as)
    return DocumentLink(
        id=issued.id,
        number=issued.number,
        version=issued.version,
        issued_at=issued.issued_at,
        replaces=issued.replaces,
        format=written_as,
        url=sign_file(issued, written_as),
        expires_at=now + SHOWN_FOR,
        sha256=file.sha256,
        size_bytes=file.size_bytes,
    )


def view_of(issued: Issued) -> StatementView:
    return StatementView(
        id=issued.id,
        number=issued.number,
        version=issued.version,
        month=issued.month or "",
        issued_at=issued.issued_at,
        replaces=issued.replaces,
        sha256=issued.pdf.sha256,
    )
