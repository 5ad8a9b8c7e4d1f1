"""What a cardholder's bank has asked about a booking, and what has become of it; for staff."""

from callsheet.bookings.reading import read_booking
from callsheet.payments.disputes import Disputes, disputes_of


def list_disputes(booking_id: str) -> Disputes:
    """One batch read, one query; NotFound where there is no such booking."""
    read_booking(booking_id)
    return Disputes(items=disputes_of(booking_id))
