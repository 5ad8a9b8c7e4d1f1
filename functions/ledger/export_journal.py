"""GET /v1/admin/ledger/export: the journal of a day or a month as a CSV file, behind an address good for ten minutes.

A line a posting, the oldest entry first, and at the end a line of sums for each currency. A cell that a spreadsheet
would compute has an apostrophe before it.
"""

from callsheet.http.endpoint import endpoint
from callsheet.ledger.export_journal import export_journal
from callsheet.ledger.views import ExportQuery, JournalExport
from callsheet.platform.clock import clock


@endpoint()
def handler(query: ExportQuery) -> JournalExport:
    return export_journal(query, clock())
