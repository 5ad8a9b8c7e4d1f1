"""Money has come from a client or gone back: their receipt says so, in a new version where there was one before."""

from enum import StrEnum

from callsheet.documents.billing import Bill, bill_of
from callsheet.documents.canonical import content_hash
from callsheet.documents.deps import DocumentsDeps
from callsheet.documents.events import receipt_issued
from callsheet.documents.issuing import issued_of
from callsheet.documents.model import Heard
from callsheet.documents.names import names_of
from callsheet.documents.receipt import Receipt
from callsheet.documents.receipt_paper import receipt_pdf
from callsheet.documents.receipts import build_receipt
from callsheet.documents.store import add_issued
from callsheet.kernel.principal import Principal
from callsheet.platform.transaction import Transaction

CONSUMER = "documents.issue_receipt"


class Issuing(StrEnum):
    ISSUED = "issued"
    UNCHANGED = "unchanged"  # the version there is says it all


def issue_receipt(heard: Heard, caller: Principal, deps: DocumentsDeps) -> Issuing:
    """Reads, two files, one transaction. AlreadyConsumed the second time, Stale where another was faster.

    The document is made of what the ledger says now, not of what the event says: events that come late or out of
    order find their news told. News of an amendment is news of its booking's receipt.
    """
    bill = bill_of(heard.payload.booking_id)
    txn = Transaction(caller, deps.clock.now())
    txn.consume(heard.event_id, CONSUMER)
    outcome = Issuing.UNCHANGED
    if bill.booking.has_been_paid:
        receipt = _receipt(bill, heard, caller, deps)
        if bill.before is None or bill.before.content != content_hash(receipt):
            add_issued(txn, issued_of(receipt, receipt_pdf(receipt)))
            txn.publish(receipt_issued(receipt))
            outcome = Issuing.ISSUED
    txn.commit()
    return outcome


def _receipt(bill: Bill, heard: Heard, caller: Principal, deps: DocumentsDeps) -> Receipt:
    booking = bill.booking.booking
    return build_receipt(
        booking,
        bill.booking.payment,
        bill.booking.entries,
        names_of((booking.client_id, booking.provider_id), caller, deps),
        occurred_at=heard.occurred_at,
        amendments=bill.amendments,
        version=1 if bill.before is None else bill.before.version + 1,
    )
