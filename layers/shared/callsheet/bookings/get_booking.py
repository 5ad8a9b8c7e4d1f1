"""One booking, as one of its parties or staff may see it."""

from callsheet.bookings.case import load_case
from callsheet.bookings.deps import BookingsDeps
from callsheet.bookings.model import BookingView
from callsheet.bookings.views import require_access
from callsheet.kernel.principal import Principal


def get_booking(booking_id: str, caller: Principal, _deps: BookingsDeps) -> BookingView:
    """One batch read. NotFound for strangers too."""
    case = load_case(booking_id)
    require_access(case.booking, caller)
    return case.view(caller)
