"""Money that was taken is written down: the booking is accepted with it, or the money goes back."""

from datetime import datetime

from callsheet.bookings import postings
from callsheet.bookings.authorizing import lapsed
from callsheet.bookings.case import Case
from callsheet.bookings.convergence import Record
from callsheet.bookings.earning import keep_for_provider
from callsheet.bookings.events import BookingAccepted
from callsheet.bookings.model import Booking
from callsheet.bookings.payment_events import PaymentCaptured
from callsheet.bookings.recording import Writers, moved, seen
from callsheet.bookings.rules import BOOKING, BookingAction, BookingStatus, Party, acceptance_until
from callsheet.gateways.payments import Intent
from callsheet.ledger.post import post, post_all
from callsheet.payments.model import InFlight
from callsheet.payments.rules import PaymentAction
from callsheet.platform.transaction import Transaction


def captured(
    case: Case, intent: Intent, txn: Transaction, now: datetime, *, in_flight: InFlight | None
) -> None:
    """The payment, its entries and the provider's share, which nobody gets yet."""
    booking = case.booking
    done = {
        "status": moved(case.payment, PaymentAction.CAPTURE),
        "captured_at": now,
        "in_flight": in_flight,
    }
    case.save_payment(txn, seen(case.payment, intent).model_copy(update=done))
    of_wallet = case.payment.wallet
    entries = [
        *postings.capture_entries(booking.id, booking.provider_id, booking.price, intent.charge_id, of_wallet)
    ]
    if intent.fee is not None and not intent.fee.is_zero:
        entries.append(postings.processing_entry(booking.id, intent.fee, intent.charge_id))
    post_all(txn, entries, now)
    keep_for_provider(case, txn, now)
    case.publish(txn, PaymentCaptured)


def fee_known(case: Case, intent: Intent, txn: Transaction, now: datetime) -> None:
    """Stripe has booked the charge meanwhile."""
    payment = case.payment
    case.save_payment(txn, payment.model_copy(update={"fee": intent.fee}))
    if intent.fee is not None and not intent.fee.is_zero:
        post(txn, postings.processing_entry(case.booking.id, intent.fee, intent.charge_id), now)


def _accepted(case: Case, intent: Intent, txn: Transaction, now: datetime) -> None:
    booking = case.booking
    BOOKING.step(booking.status, BookingAction.ACCEPT, Party.PROVIDER)
    captured(case, intent, txn, now, in_flight=None)
    case.save_booking(txn, _with_session(booking, now))
    if case.booking.acceptance_until is not None:
        txn.due("booking.acceptance", booking.id, case.booking.acceptance_until)
    elif booking.starts_at is not None:
        txn.due("booking.start", booking.id, booking.starts_at)
    case.publish(txn, BookingAccepted, starts_at=booking.starts_at, ends_at=booking.ends_at)


def _with_session(booking: Booking, now: datetime) -> Booking:
    """A remote job has no session: its acceptance window runs from the moment the provider took it."""
    accepted = {"status": BookingStatus.ACCEPTED, "accepted_at": now}
    if booking.starts_at is None:
        until = acceptance_until(now, booking.acceptance_hours)
        accepted |= {"started_at": now, "ended_at": now, "acceptance_until": until}
    return booking.model_copy(update=accepted)


CAPTURING: Writers = {Record.ACCEPTED: _accepted, Record.LAPSED: lapsed}
