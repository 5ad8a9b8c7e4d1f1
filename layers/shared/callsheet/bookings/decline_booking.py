"""The provider says no: slots and money are released."""

from callsheet.bookings.charging_deps import Charging
from callsheet.bookings.ending import end_pending
from callsheet.bookings.model import BookingView
from callsheet.bookings.rules import BookingAction, CancelReason
from callsheet.kernel.principal import Principal


def decline_booking(booking_id: str, caller: Principal, deps: Charging) -> BookingView:
    """One batch read and one transaction before Stripe is asked to void, one after; CaptureUnderWay while accepting."""
    case = end_pending(booking_id, BookingAction.DECLINE, CancelReason.DECLINED, caller, deps)
    return case.view(caller)
