"""What reviews read of bookings, in their own batch read."""

from callsheet.bookings.model import Booking
from callsheet.bookings.store import BookingItem, booking_key
from callsheet.kernel.errors import NotFound
from callsheet.kernel.ids import has_prefix
from callsheet.platform.read import Key
from callsheet.platform.table import Table


def reviewed_key(booking_id: str) -> Key:
    """Raises NotFound for what is no booking's id."""
    if not has_prefix(booking_id, "bkg"):
        raise NotFound("There is no such booking, or it is not yours to see")
    return booking_key(booking_id)


def booking_from(item: Table | None) -> Booking:
    """The booking among what was read; NotFound where there is none. An amendment is reviewed with what it amends."""
    if not isinstance(item, BookingItem) or item.document.amends is not None:
        raise NotFound("There is no such booking, or it is not yours to see")
    return item.document
