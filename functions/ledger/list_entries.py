"""GET /v1/admin/ledger/entries: every movement of one booking's money, the oldest first."""

from callsheet.http.endpoint import endpoint
from callsheet.ledger.list_entries import list_entries
from callsheet.ledger.views import Entries, EntriesQuery


@endpoint()
def handler(query: EntriesQuery) -> Entries:
    return list_entries(query.subject)
