"""The provider says yes: the money is captured, and with it the booking is accepted."""

from callsheet.bookings.asking_captures import capturing
from callsheet.bookings.capturing import CAPTURING
from callsheet.bookings.case import Case, load_case
from callsheet.bookings.charging_deps import Charging
from callsheet.bookings.endings import why_it_ended
from callsheet.bookings.errors import PaymentNotAuthorized, RequestLapsed
from callsheet.bookings.model import BookingView
from callsheet.bookings.rules import BOOKING, BookingAction, BookingStatus
from callsheet.bookings.settlement import settle
from callsheet.bookings.views import require_booking, role_of
from callsheet.bookings.watching import watch
from callsheet.connect.errors import PayoutsNotEnabled
from callsheet.connect.for_booking import account_from, account_key
from callsheet.gateways.errors import PaymentsUnavailable
from callsheet.kernel.principal import Principal
from callsheet.payments.model import Ask, InFlight, PaymentStatus
from callsheet.payments.rules import is_claimed_for
from callsheet.platform.once import claim
from callsheet.platform.stale import Stale, decided_anew
from callsheet.platform.transaction import Transaction

_SETTLERS = {Ask.CAPTURE: capturing(CAPTURING)}


def accept_booking(booking_id: str, caller: Principal, deps: Charging) -> BookingView:
    """One batch read, one write that claims the capture, the capture, one transaction that records it.

    From the claim on nobody can cancel, decline or expire the booking; before it the first of them wins. A repeated
    call goes on where a broken one ended. Raises PaymentNotAuthorized before the client has paid, RequestLapsed after
    the answer's deadline, PayoutsNotEnabled while the provider cannot be paid, AuthorizationExpired where Stripe no
    longer holds the money (the booking is cancelled then), or what else has ended it.
    """
    case = decided_anew(lambda: _claim(booking_id, caller, deps))
    try:
        settle(case, _SETTLERS, caller, deps)
    except Stale:
        case = load_case(booking_id)
    match case.booking.status:
        case BookingStatus.ACCEPTED | BookingStatus.COMPLETED:
            return case.view(caller)
        case BookingStatus.CANCELLED:
            raise why_it_ended(case)
        case BookingStatus.PENDING:
            raise PaymentsUnavailable


def _claim(booking_id: str, caller: Principal, deps: Charging) -> Case:
    now = deps.clock.now()
    case = load_case(booking_id, caller, now, beside=[account_key(caller.id)])
    require_booking(case.booking, caller)
    if case.is_repeat:
        return case
    BOOKING.step(case.booking.status, BookingAction.ACCEPT, role_of(case.booking, caller))
    if is_claimed_for(case.payment, Ask.CAPTURE):
        return case
    if case.payment.in_flight is not None and case.payment.in_flight.ask is not Ask.AUTHORIZE:
        raise Stale  # somebody has ended the booking between the two reads
    if case.payment.status is not PaymentStatus.AUTHORIZED:
        raise PaymentNotAuthorized
    if case.booking.answer_by is not None and case.booking.answer_by <= now:
        raise RequestLapsed
    _require_payable(case)
    txn = Transaction(caller, now)
    capture = InFlight(ask=Ask.CAPTURE, since=now)
    case.save_payment(txn, case.payment.model_copy(update={"in_flight": capture}))
    claim(txn, caller.request_key, now, subject=booking_id)
    case.check_booking(txn)
    watch(txn, booking_id, now)
    txn.commit()
    return case


def _require_payable(case: Case) -> None:
    """What is captured must be able to reach its provider; who accepts is the provider."""
    account = account_from(case.beside[0])
    if account is None:
        raise PayoutsNotEnabled
    if not account.can_be_paid:
        raise PayoutsNotEnabled(extra={"payout_status": str(account.status)})
