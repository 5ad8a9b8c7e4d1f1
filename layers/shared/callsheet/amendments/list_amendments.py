"""What has been proposed on top of a booking, and what became of it."""

from callsheet.amendments.model import Amendments
from callsheet.amendments.views import amendment_view
from callsheet.bookings.reading import read_booking, read_bookings
from callsheet.bookings.views import require_access
from callsheet.kernel.principal import Principal


def list_amendments(booking_id: str, caller: Principal) -> Amendments:
    """Two batch reads, one where there are none. NotFound for strangers too."""
    booking = read_booking(booking_id).booking
    require_access(booking, caller)
    shown = read_bookings([one.id for one in booking.amendments])
    return Amendments(items=tuple(amendment_view(one.booking, one.payment, caller) for one in shown))
