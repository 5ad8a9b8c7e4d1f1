"""GET /v1/admin/closes: the daily closes, the latest day first."""

from callsheet import wiring
from callsheet.closing.list_closes import list_closes
from callsheet.closing.model import ClosePage
from callsheet.http.endpoint import endpoint
from callsheet.kernel.errors import InvalidCursor
from callsheet.kernel.page import PageQuery


@endpoint(errors=(InvalidCursor,))
def handler(query: PageQuery) -> ClosePage:
    return list_closes(query, wiring.closing())
