"""The receipt of a booking, for its parties and staff."""

from callsheet.bookings.reading import read_booking
from callsheet.bookings.views import require_access
from callsheet.documents.deps import DocumentsDeps
from callsheet.documents.errors import ReceiptNotIssued, ReceiptVersionNotFound
from callsheet.documents.model import DocumentLink, Issued, ReceiptQuery
from callsheet.documents.numbers import receipt_id
from callsheet.documents.store import issued_version, latest_issued
from callsheet.documents.views import link_to
from callsheet.kernel.principal import Principal


def get_receipt(booking_id: str, query: ReceiptQuery, caller: Principal, deps: DocumentsDeps) -> DocumentLink:
    """Two reads. An amendment has its booking's receipt.

    NotFound for strangers, before anything is said of the receipt; then ReceiptNotIssued, or ReceiptVersionNotFound.
    """
    booking = read_booking(booking_id).booking
    require_access(booking, caller)
    issued = _issued(receipt_id(booking.amends.booking_id if booking.amends else booking.id), query.version)
    return link_to(issued, query.format, deps.clock.now())


def _issued(document_id: str, version: int | None) -> Issued:
    if version is None:
        if newest := latest_issued(document_id):
            return newest
        raise ReceiptNotIssued
    if older := issued_version(document_id, version):
        return older
    raise ReceiptVersionNotFound
