"""What an authorisation can come to is written down: noted, authorised, declined, lapsed or voided."""

from datetime import datetime

from callsheet.bookings.calling_off import expire_booking, fail_booking
from callsheet.bookings.case import Case
from callsheet.bookings.convergence import Record
from callsheet.bookings.crediting import return_credit
from callsheet.bookings.payment_events import PaymentAuthorized, PaymentFailed, PaymentVoided
from callsheet.bookings.recording import Also, Writers, moved, seen
from callsheet.bookings.rules import BOOKING, BookingAction, BookingStatus, answer_by
from callsheet.bookings.watching import watch
from callsheet.gateways.declines import DeclineReason
from callsheet.gateways.payments import Intent
from callsheet.kernel.principal import Principal
from callsheet.payments.model import Ask, InFlight, PaymentStatus
from callsheet.payments.rules import PaymentAction
from callsheet.platform.transaction import Transaction

_STRIPE = "stripe"


def record_unpayable(case: Case, reason: DeclineReason, caller: Principal, now: datetime, also: Also) -> None:
    """Stripe will not make an intent of this order: the booking is over, and nothing is to be voided."""
    payment, txn = case.payment, Transaction(caller, now)
    if case.booking.status is BookingStatus.PENDING:
        fail_booking(case, txn, now)
    status = moved(payment, PaymentAction.FAIL)
    failed = {"status": status, "decline_reason": reason, "in_flight": None}
    case.save_payment(txn, payment.model_copy(update=failed))
    case.publish(txn, PaymentFailed, reason=reason)
    return_credit(txn, case, now)
    also(txn, case)
    txn.commit()


def record_nothing_to_void(case: Case, caller: Principal, now: datetime) -> None:
    """The booking ended before an intent was made."""
    payment, txn = case.payment, Transaction(caller, now)
    voided = {"status": moved(payment, PaymentAction.VOID), "in_flight": None}
    case.save_payment(txn, payment.model_copy(update=voided))
    case.publish(txn, PaymentVoided)
    return_credit(txn, case, now)
    txn.commit()


def _note(case: Case, intent: Intent, txn: Transaction, _now: datetime) -> None:
    case.save_payment(txn, seen(case.payment, intent))


def _authorized(case: Case, intent: Intent, txn: Transaction, now: datetime) -> None:
    booking = case.booking
    BOOKING.step(booking.status, BookingAction.AUTHORIZE, _STRIPE)
    deadline = answer_by(now, booking.answer_hours, booking.starts_at, intent.capture_before)
    case.save_booking(txn, booking.model_copy(update={"answer_by": deadline}))
    authorized = {"status": PaymentStatus.AUTHORIZED, "authorized_at": now}
    case.save_payment(txn, seen(case.payment, intent).model_copy(update=authorized))
    txn.due("booking.answer", booking.id, deadline)
    case.publish(txn, PaymentAuthorized)


def _declined(case: Case, intent: Intent, txn: Transaction, now: datetime) -> None:
    """The refused intent is canceled too, so that nobody can confirm it behind a booking that is over."""
    fail_booking(case, txn, now)
    void = InFlight(ask=Ask.VOID, since=now)
    done = {"status": moved(case.payment, PaymentAction.FAIL), "in_flight": void}
    case.save_payment(txn, seen(case.payment, intent).model_copy(update=done))
    watch(txn, case.booking.id, now)
    return_credit(txn, case, now)
    case.publish(txn, PaymentFailed, reason=intent.decline_reason or DeclineReason.CARD_DECLINED)


def lapsed(case: Case, intent: Intent, txn: Transaction, now: datetime) -> None:
    """The authorisation is gone before anybody answered."""
    expire_booking(case, txn, now)
    _voided(case, intent, txn, now)


def _voided(case: Case, intent: Intent, txn: Transaction, now: datetime) -> None:
    payment = case.payment
    has_failed = payment.status is PaymentStatus.FAILED  # a refused intent is canceled, and stays refused
    status = payment.status if has_failed else moved(payment, PaymentAction.VOID)
    case.save_payment(txn, seen(payment, intent).model_copy(update={"status": status}))
    if not has_failed:
        return_credit(txn, case, now)
        case.publish(txn, PaymentVoided)


AUTHORIZING: Writers = {
    Record.NOTE: _note,
    Record.AUTHORIZED: _authorized,
    Record.DECLINED: _declined,
    Record.LAPSED: lapsed,
    Record.VOIDED: _voided,
}
