"""GET /v1/admin/bookings/{booking_id}/disputes: what a cardholder's bank has asked, until when, and how it decided."""

from callsheet.bookings.list_disputes import list_disputes
from callsheet.http.endpoint import endpoint
from callsheet.kernel.errors import NotFound
from callsheet.payments.disputes import Disputes


@endpoint(errors=(NotFound,))
def handler(booking_id: str) -> Disputes:
    return list_disputes(booking_id)
