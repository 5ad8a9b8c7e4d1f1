"""Where booking and payment go next, given what Stripe says of the intent: a pure decision, read as a table.

Whatever happened in between (a crash, a lost webhook, a repeated one), the answer depends on nothing but what stands in
the tables and at Stripe now.
"""

from enum import StrEnum

from callsheet.bookings.model import Booking
from callsheet.bookings.rules import BookingStatus
from callsheet.gateways.declines import DeclineReason
from callsheet.gateways.payments import Intent, IntentStatus
from callsheet.payments.model import Ask, Payment, PaymentStatus
from callsheet.payments.rules import is_claimed_for


class Record(StrEnum):
    """What is to be written down next; each is one transaction."""

    NOTHING = "nothing"
    NOTE = "note"  # what the client needs to confirm with
    AUTHORIZED = "authorized"
    DECLINED = "declined"
    LAPSED = "lapsed"  # the authorisation is gone before anybody answered
    ACCEPTED = "accepted"
    PAYABLE = "payable"  # the client's bank has said yes to an amendment
    AMENDED = "amended"  # an amendment is paid
    CAPTURED_ELSEWHERE = "captured_elsewhere"
    VOIDED = "voided"
    FEE_KNOWN = "fee_known"  # Stripe has booked the charge meanwhile


_UNCAPTURED = frozenset({PaymentStatus.REQUIRES_PAYMENT, PaymentStatus.AUTHORIZED})


def next_record(booking: Booking, payment: Payment, intent: Intent) -> Record:
    """What the intent's state means for a booking and payment in theirs."""
    match intent.status:
        case IntentStatus.CANCELED:
            return _canceled(booking, payment)
        case IntentStatus.SUCCEEDED:
            return _succeeded(booking, payment, intent)
        case IntentStatus.REQUIRES_CAPTURE:
            return _capturable(booking, payment)
        case _:
            return _unpaid(booking, payment, intent)


def _canceled(booking: Booking, payment: Payment) -> Record:
    if booking.status is BookingStatus.PENDING:
        return Record.LAPSED
    return Record.VOIDED if is_claimed_for(payment, Ask.VOID) else Record.NOTHING


def _succeeded(booking: Booking, payment: Payment, intent: Intent) -> Record:
    if payment.status in _UNCAPTURED or is_claimed_for(payment, Ask.VOID):
        if booking.status is BookingStatus.PENDING and is_claimed_for(payment, Ask.CAPTURE):
            return Record.ACCEPTED if booking.amends is None else Record.AMENDED
        return Record.CAPTURED_ELSEWHERE
    return Record.FEE_KNOWN if payment.fee is None and intent.fee is not None else Record.NOTHING


def _capturable(booking: Booking, payment: Payment) -> Record:
    if booking.status is BookingStatus.PENDING and payment.status is PaymentStatus.REQUIRES_PAYMENT:
        return Record.AUTHORIZED if booking.amends is None else Record.PAYABLE
    return Record.NOTHING


def _unpaid(booking: Booking, payment: Payment, intent: Intent) -> Record:
    if booking.status is not BookingStatus.PENDING:
        return Record.NOTHING
    if is_claimed_for(payment, Ask.AUTHORIZE):
        was_refused = payment.payment_method is not None and intent.decline_reason is not None
        return Record.DECLINED if was_refused and not _wants_the_client(booking, intent) else Record.NOTE
    is_news = (
        payment.requires_action is not (intent.status is IntentStatus.REQUIRES_ACTION)
        or payment.decline_reason is not intent.decline_reason
    )
    return Record.NOTE if is_news else Record.NOTHING


def _wants_the_client(booking: Booking, intent: Intent) -> bool:
    """Charged while they were away, and their bank wants to hear from them: they can confirm the same intent."""
    is_off_session = booking.amends is not None and booking.amends.is_off_session
    return is_off_session and intent.decline_reason is DeclineReason.AUTHENTICATION_REQUIRED
