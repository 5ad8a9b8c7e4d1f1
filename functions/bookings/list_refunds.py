"""GET /v1/admin/bookings/{booking_id}/refunds: what support has given back of a booking, or proposed to."""

from callsheet.bookings.list_refunds import list_refunds
from callsheet.bookings.refunds import Refunds
from callsheet.http.endpoint import endpoint
from callsheet.platform.clock import clock


@endpoint()
def handler(booking_id: str) -> Refunds:
    return list_refunds(booking_id, clock())
