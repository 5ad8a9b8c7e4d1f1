"""GET /v1/bookings/{booking_id}/receipt: what the client has paid, as a PDF or as JSON.

The answer has an address to fetch it from, which is good for ten minutes.

For the parties of the booking and staff. `version` grows, and `replaces` names the one before, when something is added
and paid for, money goes back, a bank takes it or the booking is cancelled; what was issued stays as it is, and
`version` fetches it.
"""

from callsheet import wiring
from callsheet.documents.errors import ReceiptNotIssued, ReceiptVersionNotFound
from callsheet.documents.get_receipt import get_receipt
from callsheet.documents.model import DocumentLink, ReceiptQuery
from callsheet.http.endpoint import endpoint
from callsheet.kernel.errors import NotFound
from callsheet.kernel.principal import Principal


@endpoint(errors=(NotFound, ReceiptNotIssued, ReceiptVersionNotFound))
def handler(booking_id: str, query: ReceiptQuery, caller: Principal) -> DocumentLink:
    return get_receipt(booking_id, query, caller, wiring.documents())
