"""The other side consents: the client pays for what was proposed, or what they pay for is captured."""

from datetime import datetime

from callsheet.amendments.charging import CHARGING
from callsheet.amendments.model import AmendmentView, Answer
from callsheet.amendments.parties import require_party, role_in
from callsheet.amendments.telling import told
from callsheet.amendments.views import amends_of
from callsheet.bookings.case import Case, load_case
from callsheet.bookings.charging_deps import Charging
from callsheet.bookings.endings import why_it_ended
from callsheet.bookings.errors import PaymentNotAuthorized, ProblemOpen, RequestLapsed
from callsheet.bookings.rules import BOOKING, BookingAction, BookingStatus, Party
from callsheet.bookings.settlement import settle_or_leave_it
from callsheet.bookings.states import AMENDMENT, AmendmentAction
from callsheet.bookings.watching import watch
from callsheet.kernel.principal import Principal
from callsheet.payments.model import Ask, InFlight, Payment, PaymentStatus
from callsheet.platform.once import claim
from callsheet.platform.stale import Stale, decided_anew
from callsheet.platform.transaction import Transaction


def accept_amendment(answer: Answer, caller: Principal, deps: Charging) -> AmendmentView:
    """Two reads, one write that claims the payment, then Stripe, and a transaction that records each of its answers.

    The claim holds only while the booking is accepted, and the capture follows from it even where the booking ends
    meanwhile (`follow_booking`). Raises RequestLapsed after a day, PaymentNotAuthorized before a client who proposed
    has paid, PaymentDeclined to a client whose card is refused; where it is over, what has ended it (`endings.py`).
    """
    case = decided_anew(lambda: _claim(answer, caller, deps.clock.now()))
    case = settle_or_leave_it(case, CHARGING, caller, deps)
    view = told(case, caller)
    if view.status is BookingStatus.CANCELLED:
        raise why_it_ended(case)
    return view


def _claim(answer: Answer, caller: Principal, now: datetime) -> Case:
    case = load_case(answer.amendment_id, caller, now)
    amends, party = amends_of(case.booking, answer.booking_id), require_party(case.booking, caller)
    if case.is_repeat:
        return case
    AMENDMENT.step(case.booking.status, AmendmentAction.CONSENT, role_in(amends, party))
    if amends.agreed_at is not None:
        return case  # consented before: go on where that ended
    BOOKING.step(case.parent.status, BookingAction.AMEND, party)
    if case.parent.problem is not None:
        raise ProblemOpen
    if case.booking.hold_until <= now:
        raise RequestLapsed
    txn = Transaction(caller, now)
    claim(txn, caller.request_key, now, subject=case.booking.id)
    agreed = amends.model_copy(update={"agreed_at": now})
    case.save_payment(txn, _asked(case.payment, party, answer, now))
    case.save_booking(txn, case.booking.model_copy(update={"amends": agreed}))
    watch(txn, case.booking.id, now)
    txn.commit()
    return case


def _asked(payment: Payment, party: Party, answer: Answer, now: datetime) -> Payment:
    """A client's consent is authorised and captured; a provider's captures what the client has authorised."""
    if party is Party.CLIENT:
        ask = InFlight(ask=Ask.AUTHORIZE, since=now)
        method = answer.payment_method or payment.payment_method
        return payment.model_copy(update={"in_flight": ask, "payment_method": method})
    if payment.status is not PaymentStatus.AUTHORIZED:
        raise PaymentNotAuthorized
    if payment.in_flight is not None:
        raise Stale  # somebody has ended it between the two reads
    return payment.model_copy(update={"in_flight": InFlight(ask=Ask.CAPTURE, since=now)})
