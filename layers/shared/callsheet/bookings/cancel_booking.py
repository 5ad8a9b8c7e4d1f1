"""Call it off: before acceptance everything is released, afterwards the policy snapshot says what goes back."""

from datetime import datetime

from callsheet.bookings.asking_refunds import REFUNDING
from callsheet.bookings.cancelling import end_accepted, refund_of
from callsheet.bookings.case import Case, load_case
from callsheet.bookings.ending import VOIDING, end_unaccepted
from callsheet.bookings.errors import PaymentDisputed, SessionOver
from callsheet.bookings.model import Booking, BookingView, CancelBooking, Cancellation
from callsheet.bookings.refunding_deps import Refunding
from callsheet.bookings.rules import BOOKING, BookingAction, BookingStatus, CancelReason
from callsheet.bookings.settlement import Settlers, settle_or_leave_it
from callsheet.bookings.views import require_booking, role_of
from callsheet.kernel.errors import Forbidden, InvalidRequest
from callsheet.kernel.principal import Principal
from callsheet.payments.rules import awaits_bank
from callsheet.platform.stale import decided_anew

_RETRY_AFTER_SECONDS = 2
_SETTLERS: Settlers[Refunding] = {**VOIDING, **REFUNDING}


def cancel_booking(command: CancelBooking, caller: Principal, deps: Refunding) -> BookingView:
    """One batch read, one transaction that cancels, the void or refund at Stripe, one transaction that records it.

    The cancellation stands once the first transaction does; where Stripe does not answer, the money follows by itself.
    Raises CaptureUnderWay while the provider accepts, SessionOver once the session has ended (but for admins),
    PaymentDisputed while a bank decides: what it has taken in the end counts as given back, the rest is credit.
    """
    case = decided_anew(lambda: _cancel(command, caller, deps.clock.now()))
    return settle_or_leave_it(case, _SETTLERS, caller, deps).view(caller)


def _cancel(command: CancelBooking, caller: Principal, now: datetime) -> Case:
    case = load_case(command.booking_id, caller, now)
    require_booking(case.booking, caller)
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
    if awaits_bank(payment):
        raise PaymentDisputed
    percent = command.refund_percent
    ended = Cancellation(reason=reason, cancelled_at=now, words=command.reason, refund_percent=percent)
    end_accepted(case, refund_of(booking, reason, now, percent), ended, caller, now)


def _is_over(booking: Booking, now: datetime) -> bool:
    """A session is over when it ends, a remote job when its acceptance window does."""
    over_at = booking.ends_at or booking.acceptance_until
    return over_at is not None and over_at <= now
