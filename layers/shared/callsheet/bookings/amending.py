"""A booking and its amendments: what the booking keeps of each is part of every transaction of either."""

from datetime import datetime

from callsheet.bookings.amends import FOLLOW, Amendment
from callsheet.bookings.model import Booking
from callsheet.bookings.store import BookingItem, add_booking, check_booking, save_booking
from callsheet.platform.transaction import Transaction


def with_amendment(booking: Booking, amendment: Booking) -> Booking:
    """The booking with what it keeps of an amendment as it is now."""
    kept = _kept_of(amendment)
    others = [one for one in booking.amendments if one.id != kept.id]
    amendments = tuple(sorted([*others, kept], key=lambda one: one.id))  # ids sort by birth
    return (
        booking if amendments == booking.amendments else booking.model_copy(update={"amendments": amendments})
    )


def add_amendment(txn: Transaction, parent: BookingItem, amendment: Booking) -> BookingItem:
    """Write a new amendment; Stale where somebody has changed its booking since it was read."""
    save_booking(txn, parent, with_amendment(parent.document, amendment))
    return add_booking(txn, amendment)


def tell_parent(txn: Transaction, parent: BookingItem, amendment: Booking) -> None:
    """Hold the transaction to the booking as it was read, and write what has changed of what it keeps."""
    told = with_amendment(parent.document, amendment)
    if told is parent.document:
        check_booking(txn, parent)
    else:
        save_booking(txn, parent, told)


def have_followed(txn: Transaction, booking: Booking, now: datetime) -> None:
    """The booking ends in this transaction: what is open of its amendments ends after it."""
    if any(one.is_open for one in booking.amendments):
        txn.due(FOLLOW, booking.id, now)


def _kept_of(amendment: Booking) -> Amendment:
    amends = amendment.amends
    if amends is None:
        raise ValueError(f"{amendment.id} amends no booking")
    return Amendment(
        id=amendment.id,
        kind=amends.kind,
        status=amendment.status,
        subtotal=amendment.price.subtotal,
        total=amendment.price.total,
        minutes=amends.minutes,
        is_off_session=amends.is_off_session,
    )
