"""One booking, as one of its parties or staff may see it."""

from callsheet.bookings.deps import BookingsDeps
from callsheet.bookings.model import BookingView
from callsheet.bookings.reading import read_booking
from callsheet.bookings.views import require_access, view_of
from callsheet.kernel.principal import Principal


def get_booking(booking_id: str, caller: Principal, _deps: BookingsDeps) -> BookingView:
    """One batch read. NotFound for strangers too."""
    found = read_booking(booking_id)
    require_access(found.booking, caller)
    return view_of(found.booking, found.payment, caller)
