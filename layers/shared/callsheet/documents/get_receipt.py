"""The receipt of a booking, for its parties and staff."""

from callsheet.bookings.reading import read_booking
from callsheet.bookings.views import require_access
from callsheet.documents.deps import DocumentsDeps
from callsheet.documents.errors import ReceiptNotIssued
from callsheet.documents.model import DocumentLink, DocumentQuery
from callsheet.documents.receipts import receipt_id
from callsheet.documents.store import latest_issued
from callsheet.documents.views import link_to
from callsheet.kernel.principal import Principal


def get_receipt(
    booking_id: str, query: DocumentQuery, caller: Principal, deps: DocumentsDeps
) -> DocumentLink:
    """Two reads. NotFound for strangers, before anything is said of the receipt; then ReceiptNotIssued."""
    require_access(read_booking(booking_id).booking, caller)
    issued = latest_issued(receipt_id(booking_id))
    if issued is None:
        raise ReceiptNotIssued
    return link_to(issued, query.format, deps.clock.now())
