"""The slots of a booking's span, buffers included, taken and freed in the booking's own transactions."""

from callsheet.bookings.model import Booking
from callsheet.calendar.hold import hold, release
from callsheet.calendar.slots import Slots, slots_between
from callsheet.platform.transaction import Transaction


def slots_of(booking: Booking) -> Slots:
    """Empty for a remote job."""
    if booking.starts_at is None or booking.ends_at is None:
        return {}
    return slots_between(
        booking.starts_at, booking.ends_at, booking.buffer_before_minutes, booking.buffer_after_minutes
    )


def take_slots(txn: Transaction, booking: Booking) -> None:
    """SlotTaken, and nothing written, where one of them is not free."""
    hold(txn, booking.provider_id, slots_of(booking))


def free_slots(txn: Transaction, booking: Booking) -> None:
    release(txn, booking.provider_id, slots_of(booking))
