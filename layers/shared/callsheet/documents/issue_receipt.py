"""Money has come from a client or gone back: their receipt says so, in a new version where there was one before."""

from enum import StrEnum

from callsheet.bookings.reading import read_booking
from callsheet.documents.canonical import content_hash
from callsheet.documents.deps import DocumentsDeps
from callsheet.documents.issuing import issued_of
from callsheet.documents.model import Heard
from callsheet.documents.names import names_of
from callsheet.documents.receipt_paper import receipt_pdf
from callsheet.documents.receipts import build_receipt, has_been_paid, receipt_id
from callsheet.documents.store import add_issued, latest_issued
from callsheet.kernel.principal import Principal
from callsheet.ledger.list_entries import list_entries
from callsheet.platform.transaction import Transaction

CONSUMER = "documents.issue_receipt"


class Issuing(StrEnum):
    ISSUED = "issued"
    UNCHANGED = "unchanged"  # the version there is says it all


def issue_receipt(heard: Heard, caller: Principal, deps: DocumentsDeps) -> Issuing:
    """Four reads, two files, one transaction. AlreadyConsumed the second time, Stale where another was faster.

    The document is made of what the ledger says now, not of what the event says: events that come late or out of
    order find their news told.
    """
    booking_id = heard.payload.booking_id
    shown, entries = read_booking(booking_id), list_entries(booking_id).items
    before = latest_issued(receipt_id(booking_id))
    txn = Transaction(caller, deps.clock.now())
    txn.consume(heard.event_id, CONSUMER)
    outcome = Issuing.UNCHANGED
    if has_been_paid(entries):
        receipt = build_receipt(
            shown.booking,
            shown.payment,
            entries,
            names_of((shown.booking.client_id, shown.booking.provider_id), caller, deps),
            occurred_at=heard.occurred_at,
            version=1 if before is None else before.version + 1,
        )
        if before is None or before.content != content_hash(receipt):
            add_issued(txn, issued_of(receipt, receipt_pdf(receipt)))
            outcome = Issuing.ISSUED
    txn.commit()
    return outcome
