"""A provider's month is written down."""

from collections.abc import Iterable
from datetime import timedelta
from itertools import batched

from callsheet.bookings.for_documents import bookings_of
from callsheet.bookings.model import Booking
from callsheet.documents.canonical import content_hash
from callsheet.documents.deps import DocumentsDeps
from callsheet.documents.issue_receipt import Issuing
from callsheet.documents.issuing import issued_of
from callsheet.documents.model import Party
from callsheet.documents.names import names_of
from callsheet.documents.statement_paper import statement_pdf
from callsheet.documents.statements import build_statement, closing_of, span_of, statement_id
from callsheet.documents.store import add_issued, last_statement_before, latest_issued
from callsheet.kernel.ids import has_prefix
from callsheet.kernel.principal import Principal
from callsheet.ledger.for_documents import entries_of_provider
from callsheet.ledger.model import JournalEntry
from callsheet.platform.read import MAX_KEYS
from callsheet.platform.transaction import Transaction

# A booking that is completed in a month was paid for before: at most the horizon of a calendar (60 days) and the
# longest acceptance window earlier, and a problem report may take its time.
_LOOKED_BACK = timedelta(days=200)


def issue_statement(provider_id: str, month: str, caller: Principal, deps: DocumentsDeps) -> Issuing:
    """Unchanged where nothing has moved, or where what is issued says it all; Stale where another was faster.

    It opens with what the last statement closed with, and reads what was posted since.
    """
    span = span_of(month)
    last = last_statement_before(provider_id, month)
    since = None if last is None or last.month is None else span_of(last.month).ends_at
    read_from = None if since is None else min(since, span.begins_at - _LOOKED_BACK)
    read = tuple(entries_of_provider(provider_id, read_from, span.ends_at))
    before = latest_issued(statement_id(provider_id, month))
    statement = build_statement(
        Party(role="provider", id=provider_id, name=names_of((provider_id,), caller, deps).get(provider_id)),
        month,
        [entry for entry in read if since is None or entry.posted_at >= since],
        _bookings(read),
        {} if last is None else last.carried,
        version=1 if before is None else before.version + 1,
    )
    if statement is None or (before is not None and before.content == content_hash(statement)):
        return Issuing.UNCHANGED
    txn = Transaction(caller, deps.clock.now())
    add_issued(txn, issued_of(statement, statement_pdf(statement), closing_of(statement)))
    txn.commit()
    return Issuing.ISSUED


def _bookings(entries: Iterable[JournalEntry]) -> dict[str, Booking]:
    """One batch read for each hundred bookings that the entries are about."""
    ids = dict.fromkeys(entry.subject for entry in entries if has_prefix(entry.subject, "bkg"))
    found = (bookings_of(some) for some in batched(ids, MAX_KEYS, strict=False))
    return {booking.id: booking for part in found for booking in part}
