"""The ends of a booking that nobody has accepted: cancelled, declined, expired; one transaction each, then a void."""

from datetime import datetime

from callsheet.bookings.asking_intents import holding
from callsheet.bookings.authorizing import AUTHORIZING
from callsheet.bookings.calling_off import cancel
from callsheet.bookings.case import Case, load_case
from callsheet.bookings.charging_deps import Charging
from callsheet.bookings.errors import CaptureUnderWay
from callsheet.bookings.rules import BOOKING, BookingAction, BookingStatus, CancelReason
from callsheet.bookings.settlement import settle_or_leave_it
from callsheet.bookings.views import require_booking, role_of
from callsheet.bookings.watching import watch
from callsheet.kernel.principal import ActorType, Principal
from callsheet.payments.model import Ask, InFlight, PaymentStatus
from callsheet.payments.rules import is_claimed_for, was_never_asked
from callsheet.platform.once import claim
from callsheet.platform.stale import decided_anew
from callsheet.platform.transaction import Transaction

_RETRY_AFTER_SECONDS = 2
VOIDING = holding(AUTHORIZING)


def end_pending(
    booking_id: str, action: BookingAction, reason: CancelReason, caller: Principal, deps: Charging
) -> Case:
    """End it, whoever the caller is, as far as the state table lets them; the void follows."""

    def decide() -> Case:
        now = deps.clock.now()
        case = load_case(booking_id, caller, now)
        if caller.type is ActorType.USER:
            require_booking(case.booking, caller)
        if case.is_repeat:
            return case
        BOOKING.step(case.booking.status, action, role_of(case.booking, caller))
        end_unaccepted(case, reason, caller, now)
        return case

    return settle_or_leave_it(decided_anew(decide), VOIDING, caller, deps)


def expire_if_unpaid(case: Case, caller: Principal, deps: Charging) -> bool:
    """Expire a booking whose hold has ended without a payment; True where it did. Stripe was asked before."""
    is_unpaid = case.payment.status is PaymentStatus.REQUIRES_PAYMENT
    if case.booking.status is not BookingStatus.PENDING or not is_unpaid:
        return False
    if deps.clock.now() < case.booking.hold_until:
        return False
    end_pending(case.booking.id, BookingAction.EXPIRE, CancelReason.EXPIRED, caller, deps)
    return True


def end_unaccepted(
    case: Case, reason: CancelReason, caller: Principal, now: datetime, words: str | None = None
) -> None:
    """The transaction of it: cancelled, slots free, the void in flight. CaptureUnderWay where a capture was first."""
    if is_claimed_for(case.payment, Ask.CAPTURE):
        raise CaptureUnderWay(retry_after_seconds=_RETRY_AFTER_SECONDS)
    txn = Transaction(caller, now)
    claim(txn, caller.request_key, now, subject=case.booking.id)
    cancel(case, reason, txn, now, words=words)
    if was_never_asked(case.payment):
        case.save_payment(txn, case.payment.model_copy(update={"status": PaymentStatus.VOIDED}))
    else:
        void = InFlight(ask=Ask.VOID, since=now)
        case.save_payment(txn, case.payment.model_copy(update={"in_flight": void}))
        watch(txn, case.booking.id, now)
    txn.commit()
