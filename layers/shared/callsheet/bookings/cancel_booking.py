"""Call it off: before acceptance everything is released, afterwards the policy snapshot says what goes back."""

from datetime import datetime, timedelta

from callsheet.bookings import postings
from callsheet.bookings.asking_refunds import REFUNDING
from callsheet.bookings.calling_off import cancel
from callsheet.bookings.cancellation import CancelledBy, refund_everything, refund_for
from callsheet.bookings.case import Case, load_case
from callsheet.bookings.earning import owe_provider
from callsheet.bookings.ending import VOIDING, end_unaccepted
from callsheet.bookings.errors import PaymentDisputed, RefundUnderWay, SessionOver
from callsheet.bookings.model import Booking, BookingView, CancelBooking
from callsheet.bookings.refunding_deps import Refunding
from callsheet.bookings.rules import BOOKING, BookingAction, BookingStatus, CancelReason
from callsheet.bookings.settlement import Settlers, settle_or_leave_it
from callsheet.bookings.views import require_access, role_of
from callsheet.bookings.watching import watch
from callsheet.kernel.errors import Forbidden, InvalidRequest
from callsheet.kernel.ids import new_id
from callsheet.kernel.principal import Principal
from callsheet.ledger.post import post
from callsheet.payments.model import PaymentStatus
from callsheet.payments.rules import refund_asked
from callsheet.payments.shares import RefundSplit
from callsheet.platform.once import claim
from callsheet.platform.stale import decided_anew
from callsheet.platform.transaction import Transaction

_RETRY_AFTER_SECONDS = 2
_SETTLERS: Settlers[Refunding] = {**VOIDING, **REFUNDING}


def cancel_booking(command: CancelBooking, caller: Principal, deps: Refunding) -> BookingView:
    """One batch read, one transaction that cancels, the void or refund at Stripe, one transaction that records it.

    The cancellation stands once the first transaction does; where Stripe does not answer, the money follows by itself.
    Raises CaptureUnderWay while the provider accepts, SessionOver once the session has ended (but for admins).
    """
    case = decided_anew(lambda: _cancel(command, caller, deps.clock.now()))
    return settle_or_leave_it(case, _SETTLERS, caller, deps).view(caller)


def _cancel(command: CancelBooking, caller: Principal, now: datetime) -> Case:
    case = load_case(command.booking_id, caller, now)
    require_access(case.booking, caller)
    if case.is_repeat:
        return case
    role = role_of(case.booking, caller)
    if command.refund_percent is not None and role != CancelReason.ADMIN:
        raise Forbidden("Only an admin who is no party may say what goes back; the policy does otherwise")
    if command.refund_percent is not None and command.reason is None:
        raise InvalidRequest("reason: an override goes on the record with a reason")
    BOOKING.step(case.booking.status, BookingAction.CANCEL, role)
    reason = CancelReason(role)
    if case.booking.status is BookingStatus.PENDING:
        end_unaccepted(case, reason, caller, now, command.reason)
    else:
        _end_accepted(case, reason, command, caller, now)
    return case


def _end_accepted(
    case: Case, reason: CancelReason, command: CancelBooking, caller: Principal, now: datetime
) -> None:
    booking, payment = case.booking, case.payment
    if reason is not CancelReason.ADMIN and _is_over(booking, now):
        raise SessionOver
    if payment.status is PaymentStatus.DISPUTED:
        raise PaymentDisputed
    if payment.in_flight is not None:
        raise RefundUnderWay(retry_after_seconds=_RETRY_AFTER_SECONDS)
    returned = payment.returned
    split = refund_of(booking, reason, now, command.refund_percent).less(returned, booking.price.total)
    txn = Transaction(caller, now)
    claim(txn, caller.request_key, now, subject=booking.id)
    cancel(case, reason, txn, now, words=command.reason, refund=split)
    if kept := postings.kept_fees_entry(
        booking.id, booking.price, returned.plus(split) if returned else split
    ):
        post(txn, kept, now)
    if split.total.is_zero:
        owe_provider(case, txn, now)  # else once the refund has left
    else:
        refund = refund_asked(payment, new_id("rfd"), split, now)
        case.save_payment(txn, payment.model_copy(update={"in_flight": refund}))
        watch(txn, booking.id, now)
    txn.commit()


def refund_of(booking: Booking, reason: CancelReason, now: datetime, percent: int | None) -> RefundSplit:
    """What goes back of an accepted booking. A remote job has started once it was accepted.

    An admin who names no percentage gives everything back.
    """
    if reason is CancelReason.ADMIN and percent is None:
        return refund_everything(booking.price)
    by = CancelledBy.PROVIDER if reason is CancelReason.PROVIDER else CancelledBy.CLIENT
    before_start = booking.starts_at - now if booking.starts_at else timedelta(0)
    return refund_for(booking.price, booking.policy, by, before_start, percent)


def _is_over(booking: Booking, now: datetime) -> bool:
    """A session is over when it ends, a remote job when its acceptance window does."""
    over_at = booking.ends_at or booking.acceptance_until
    return over_at is not None and over_at <= now
