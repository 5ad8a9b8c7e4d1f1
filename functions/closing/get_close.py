"""GET /v1/admin/closes/{day}: what a day's close has seen, what differs, and how it was mended.

The day is written as 2026-11-24, in UTC. `items` are its differences, by the object at Stripe.
"""

from callsheet import wiring
from callsheet.closing.errors import CloseNotFound
from callsheet.closing.get_close import get_close
from callsheet.closing.model import CloseReport
from callsheet.http.endpoint import endpoint
from callsheet.kernel.errors import InvalidCursor
from callsheet.kernel.page import PageQuery


@endpoint(errors=(CloseNotFound, InvalidCursor))
def handler(day: str, query: PageQuery) -> CloseReport:
    return get_close(day, query, wiring.closing())
