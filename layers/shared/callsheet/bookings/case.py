"""A booking together with its payment and transfer, as they were read: what every decision about either is made on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from callsheet.bookings.amending import tell_parent
from callsheet.bookings.events import BookingEvent
from callsheet.bookings.model import Booking, BookingView
from callsheet.bookings.store import BookingItem, booking_key, check_booking, save_booking
from callsheet.bookings.views import view_of
from callsheet.kernel.errors import NotFound
from callsheet.kernel.ids import has_prefix
from callsheet.kernel.principal import Principal
from callsheet.payments.for_booking import (
    StoredPayment,
    check_payment,
    payment_from,
    payment_key,
    save_payment,
)
from callsheet.payments.model import Payment
from callsheet.payments.shares import RefundSplit
from callsheet.platform.once import record_keys, was_claimed
from callsheet.platform.read import Key, get_together
from callsheet.platform.table import Table
from callsheet.platform.transaction import Transaction
from callsheet.transfers.for_booking import StoredTransfer, transfer_from, transfer_key


@dataclass(slots=True)
class Case:
    """Each item carries the version it was read at: saving it fails where somebody else was faster.

    A batch read of two tables is no snapshot: who decides on both and writes one checks the other. Saving changes the
    items before the commit: after a commit that failed the case is to be loaded again.
    """

    stored_booking: BookingItem
    stored_payment: StoredPayment
    is_repeat: bool = False  # the caller's Idempotency-Key has decided on it before
    stored_transfer: StoredTransfer | None = None  # there is one as soon as money was captured
    beside: tuple[Table | None, ...] = ()  # what else was read with them
    stored_parent: BookingItem | None = None  # of an amendment: the booking it amends

    @property
    def booking(self) -> Booking:
        return self.stored_booking.document

    @property
    def payment(self) -> Payment:
        return self.stored_payment.document

    @property
    def parent(self) -> Booking:
        """The booking that an amendment amends."""
        if self.stored_parent is None:
            raise NotFound("This booking amends no other")
        return self.stored_parent.document

    @property
    def returned(self) -> RefundSplit | None:
        """All that has gone back so far. Payments refunded before refunds were kept say it by their cancellation."""
        ended = self.booking.cancellation
        if self.payment.returned is None and self.payment.refunded is not None and ended is not None:
            return ended.refund
        return self.payment.returned

    def view(self, caller: Principal) -> BookingView:
        return view_of(self.booking, self.payment, caller)

    def save_booking(self, txn: Transaction, booking: Booking) -> None:
        """Of an amendment, what its booking keeps of it is written too, and that one held to what was read."""
        save_booking(txn, self.stored_booking, booking)
        if self.stored_parent is not None:
            tell_parent(txn, self.stored_parent, booking)

    def save_payment(self, txn: Transaction, payment: Payment) -> None:
        save_payment(txn, self.stored_payment, payment)

    def check_booking(self, txn: Transaction) -> None:
        """Hold the transaction to the booking as it was read."""
        check_booking(txn, self.stored_booking)

    def take_turn(self, txn: Transaction) -> None:
        """Of all that goes on with a booking and its amendments at once, one is first: the others are decided anew."""
        if self.stored_parent is None:
            save_booking(txn, self.stored_booking, self.booking)
        else:
            self.check_booking(txn)
            save_booking(txn, self.stored_parent, self.parent)

    def check_payment(self, txn: Transaction) -> None:
        """Hold the transaction to the payment as it was read."""
        check_payment(txn, self.stored_payment)

    def publish[E: BookingEvent](self, txn: Transaction, event: type[E], **fields: object) -> None:
        """Tell of the booking; `fields` are those of the event beyond whom it concerns."""
        booking = self.booking
        about: dict[str, object] = {
            "booking_id": booking.id,
            "client_id": booking.client_id,
            "provider_id": booking.provider_id,
            "profile_id": booking.profile_id,
        }
        if booking.amends is not None and "amendment_id" in event.model_fields:
            amends = booking.amends
            about |= {"booking_id": amends.booking_id, "amendment_id": booking.id, "kind": amends.kind}
            about |= {"proposed_by": amends.proposed_by, "total": booking.price.total}
        if "payment_id" in event.model_fields:
            about |= {"payment_id": self.payment.id, "amount": self.payment.amount}
        txn.publish(event.model_validate({**about, **fields}))


def load_case(
    booking_id: str,
    caller: Principal | None = None,
    now: datetime | None = None,
    beside: Sequence[Key] = (),
) -> Case:
    """One strongly consistent batch read, of an amendment two; NotFound where there is no such booking.

    With a caller, whether their `Idempotency-Key` has decided on the booking before is read along, and so are the items
    at the keys `beside`.
    """
    if not has_prefix(booking_id, "bkg"):
        raise NotFound("There is no such booking, or it is not yours to see")
    key = caller.request_key if caller else None
    booking, payment, transfer, *rest = get_together(
        [
            booking_key(booking_id),
            payment_key(booking_id),
            transfer_key(booking_id),
            *beside,
            *record_keys(key),
        ]
    )
    items, records = rest[: len(beside)], rest[len(beside) :]
    stored_payment = payment_from(payment)
    if not isinstance(booking, BookingItem) or stored_payment is None:
        raise NotFound("There is no such booking, or it is not yours to see")
    is_repeat = now is not None and was_claimed(records[0] if records else None, key, now)
    parent = _parent_of(booking.document)
    return Case(booking, stored_payment, is_repeat, transfer_from(transfer), tuple(items), parent)


def _parent_of(booking: Booking) -> BookingItem | None:
    if booking.amends is None:
        return None
    (item,) = get_together([booking_key(booking.amends.booking_id)])
    if not isinstance(item, BookingItem):
        raise NotFound("The booking that this one amends is gone")
    return item
