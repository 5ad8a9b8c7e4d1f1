"""GET /v1/bookings/{booking_id}/timeline: what happened to a booking, oldest first."""

from callsheet import wiring
from callsheet.bookings.get_timeline import get_timeline
from callsheet.bookings.model import Timeline
from callsheet.http.endpoint import endpoint
from callsheet.kernel.errors import InvalidCursor
from callsheet.kernel.page import PageQuery
from callsheet.kernel.principal import Principal


@endpoint(errors=(InvalidCursor,))
def handler(booking_id: str, query: PageQuery, caller: Principal) -> Timeline:
    return get_timeline(booking_id, query, caller, wiring.bookings())
