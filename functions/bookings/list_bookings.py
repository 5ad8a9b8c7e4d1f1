"""GET /v1/bookings: the caller's bookings as client or as provider, newest start first."""

from callsheet import wiring
from callsheet.bookings.list_bookings import list_bookings
from callsheet.bookings.model import BookingPage, BookingQuery
from callsheet.http.endpoint import endpoint
from callsheet.kernel.errors import InvalidCursor
from callsheet.kernel.principal import Principal


@endpoint(errors=(InvalidCursor,))
def handler(query: BookingQuery, caller: Principal) -> BookingPage:
    return list_bookings(query, caller, wiring.bookings())
