"""The journal of one subject: every movement of a booking's money, with its cause."""

from callsheet.ledger.store import entries_of
from callsheet.ledger.views import Entries


def list_entries(subject: str) -> Entries:
    """All entries of a subject, the oldest first; none where no money has moved. One query."""
    return Entries(items=tuple(entries_of(subject)))
