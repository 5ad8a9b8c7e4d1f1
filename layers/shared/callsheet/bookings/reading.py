"""A booking and its payment as they are read to be shown: nothing here decides or writes, nor loads what does."""

from collections.abc import Sequence
from dataclasses import dataclass

from callsheet.bookings.model import Booking
from callsheet.bookings.store import BookingItem, booking_key
from callsheet.kernel.errors import NotFound
from callsheet.kernel.ids import has_prefix
from callsheet.payments.for_booking import payment_from, payment_key
from callsheet.payments.model import Payment
from callsheet.platform.read import get_together


@dataclass(frozen=True, slots=True)
class Shown:
    """A batch read of two tables is no snapshot: the two may stand a moment apart."""

    booking: Booking
    payment: Payment


def read_booking(booking_id: str) -> Shown:
    """One strongly consistent batch read; NotFound where there is no such booking."""
    if not has_prefix(booking_id, "bkg"):
        raise NotFound("There is no such booking, or it is not yours to see")
    booking, payment = get_together([booking_key(booking_id), payment_key(booking_id)])
    stored_payment = payment_from(payment)
    if not isinstance(booking, BookingItem) or stored_payment is None:
        raise NotFound("There is no such booking, or it is not yours to see")
    return Shown(booking.document, stored_payment.document)


def read_bookings(ids: Sequence[str]) -> list[Shown]:
    """Those of `ids` that there are, in their order, at most fifty; one batch read."""
    items = get_together([key for one in ids for key in (booking_key(one), payment_key(one))])
    found: list[Shown] = []
    for booking, payment in zip(items[::2], items[1::2], strict=True):
        stored_payment = payment_from(payment)
        if isinstance(booking, BookingItem) and stored_payment is not None:
            found.append(Shown(booking.document, stored_payment.document))
    return found
