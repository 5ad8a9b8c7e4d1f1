"""A booking ends before it began: state, slots and event; what becomes of its money is the caller's to save."""

from datetime import datetime

from callsheet.bookings.amending import have_followed
from callsheet.bookings.amendment_events import AmendmentCancelled
from callsheet.bookings.case import Case
from callsheet.bookings.events import BookingCancelled
from callsheet.bookings.model import Cancellation
from callsheet.bookings.rules import BOOKING, BookingAction, BookingStatus, CancelReason
from callsheet.bookings.spans import free_slots
from callsheet.payments.shares import RefundSplit
from callsheet.platform.transaction import Transaction

_STRIPE, _SYSTEM = "stripe", "system"


def cancel(
    case: Case,
    reason: CancelReason,
    txn: Transaction,
    now: datetime,
    *,
    words: str | None = None,
    refund: RefundSplit | None = None,
    percent: int | None = None,
) -> None:
    """End it in this transaction; whether it may be ended is decided before. Its amendments follow."""
    ended = Cancellation(reason=reason, cancelled_at=now, words=words, refund=refund, refund_percent=percent)
    cancelled = {"status": BookingStatus.CANCELLED, "cancellation": ended}
    case.save_booking(txn, case.booking.model_copy(update=cancelled))
    free_slots(txn, case.booking)
    have_followed(txn, case.booking, now)
    event = BookingCancelled if case.booking.amends is None else AmendmentCancelled
    paid = case.payment.authorized_at is not None
    case.publish(txn, event, reason=reason, refund=refund.total if refund else None, was_authorized=paid)


def fail_booking(case: Case, txn: Transaction, now: datetime) -> None:
    """The client's card was refused."""
    BOOKING.step(case.booking.status, BookingAction.FAIL_PAYMENT, _STRIPE)
    cancel(case, CancelReason.PAYMENT_FAILED, txn, now)


def expire_booking(case: Case, txn: Transaction, now: datetime) -> None:
    """The authorisation is gone before anybody answered."""
    BOOKING.step(case.booking.status, BookingAction.EXPIRE, _SYSTEM)
    cancel(case, CancelReason.EXPIRED, txn, now)
