"""What receipts and statements read of bookings."""

from collections.abc import Sequence

from callsheet.bookings.model import Booking
from callsheet.bookings.store import BookingItem, booking_key
from callsheet.platform.read import get_together


def bookings_of(ids: Sequence[str]) -> list[Booking]:
    """Those of `ids` that there are, at most a hundred; one batch read."""
    found = get_together([booking_key(booking_id) for booking_id in ids])
    return [item.document for item in found if isinstance(item, BookingItem)]
