"""What becomes of an amendment's payment is written down: authorised, and captured once both sides have agreed."""

from datetime import datetime

from callsheet.bookings.amendment_events import AmendmentAccepted
from callsheet.bookings.authorizing import lapsed
from callsheet.bookings.capturing import captured
from callsheet.bookings.case import Case
from callsheet.bookings.convergence import Record
from callsheet.bookings.payment_events import PaymentAuthorized
from callsheet.bookings.recording import Writers, seen
from callsheet.bookings.rules import BookingStatus
from callsheet.bookings.states import AMENDMENT, AmendmentAction
from callsheet.bookings.watching import watch
from callsheet.gateways.payments import Intent
from callsheet.payments.model import Ask, InFlight, PaymentStatus
from callsheet.platform.transaction import Transaction

_STRIPE = "stripe"


def _payable(case: Case, intent: Intent, txn: Transaction, now: datetime) -> None:
    """It lapses when it was to from the beginning, or with its authorisation."""
    booking = case.booking
    AMENDMENT.step(booking.status, AmendmentAction.AUTHORIZE, _STRIPE)
    deadline = min(booking.hold_until, intent.capture_before or booking.hold_until)
    case.save_booking(txn, booking.model_copy(update={"answer_by": deadline}))
    authorized = {"status": PaymentStatus.AUTHORIZED, "authorized_at": now}
    if _is_agreed(case):
        authorized["in_flight"] = InFlight(ask=Ask.CAPTURE, since=now)
        watch(txn, booking.id, now)
    case.save_payment(txn, seen(case.payment, intent).model_copy(update=authorized))
    txn.due("booking.answer", booking.id, deadline)
    amends = booking.amends
    about = {} if amends is None else {"amends": amends.booking_id, "proposed_by": amends.proposed_by}
    case.publish(txn, PaymentAuthorized, **about)


def _is_agreed(case: Case) -> bool:
    """True where only the client's bank was waited for; not where the booking has ended meanwhile."""
    amends = case.booking.amends
    is_agreed = amends is not None and amends.agreed_at is not None
    return is_agreed and case.parent.status is BookingStatus.ACCEPTED


def _amended(case: Case, intent: Intent, txn: Transaction, now: datetime) -> None:
    """It ends when its booking does; where that has ended already, `follow_booking` looks until it has."""
    AMENDMENT.step(case.booking.status, AmendmentAction.ACCEPT, _STRIPE)
    captured(case, intent, txn, now, in_flight=None)
    accepted = {"status": BookingStatus.ACCEPTED, "accepted_at": now}
    case.save_booking(txn, case.booking.model_copy(update=accepted))
    case.publish(txn, AmendmentAccepted)


AMENDING: Writers = {Record.PAYABLE: _payable, Record.AMENDED: _amended, Record.LAPSED: lapsed}
