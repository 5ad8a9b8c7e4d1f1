"""What each party is shown of an amendment: pure."""

from callsheet.amendments.model import AmendmentView
from callsheet.amendments.rules import awaited
from callsheet.bookings.amends import Amends
from callsheet.bookings.model import Booking
from callsheet.bookings.rules import BookingStatus
from callsheet.bookings.views import view_of
from callsheet.kernel.errors import NotFound
from callsheet.kernel.principal import Principal
from callsheet.payments.model import Payment


def amends_of(booking: Booking, parent_id: str) -> Amends:
    """What makes it an amendment of that booking; NotFound where it is none."""
    if booking.amends is None or booking.amends.booking_id != parent_id:
        raise NotFound("This booking has no such amendment")
    return booking.amends


def amendment_view(booking: Booking, payment: Payment, caller: Principal) -> AmendmentView:
    """The amendment as the caller may see it: a booking without what it has in common with the one it amends."""
    if booking.amends is None:
        raise NotFound("This booking amends no other")
    amends, shown = booking.amends, view_of(booking, payment, caller)
    is_pending = booking.status is BookingStatus.PENDING
    is_authorized = payment.authorized_at is not None
    return AmendmentView(
        id=booking.id,
        booking_id=amends.booking_id,
        kind=amends.kind,
        status=booking.status,
        proposed_by=amends.proposed_by,
        awaits=awaited(amends, is_authorized=is_authorized) if is_pending else None,
        expires_at=booking.hold_until if is_pending else None,
        minutes=amends.minutes,
        reason=booking.note,
        total=booking.price.total,
        price=shown.price,
        payment=shown.payment,
        accepted_at=booking.accepted_at,
        cancellation=shown.cancellation,
        created_at=booking.created_at,
    )
