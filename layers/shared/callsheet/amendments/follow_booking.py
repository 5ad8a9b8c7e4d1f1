"""A booking has ended: what was agreed on top of it ends with it, each amendment in transactions of its own."""

from datetime import datetime, timedelta
from enum import StrEnum

from callsheet.bookings.amends import FOLLOW
from callsheet.bookings.asking_refunds import REFUNDING
from callsheet.bookings.cancelling import end_accepted, refund_of_amendment
from callsheet.bookings.case import Case, load_case
from callsheet.bookings.complete_booking import finish
from callsheet.bookings.converge_payment import converge_payment
from callsheet.bookings.converging_deps import Converging
from callsheet.bookings.ending import VOIDING, end_unaccepted
from callsheet.bookings.errors import PaymentDisputed
from callsheet.bookings.model import Booking, Cancellation
from callsheet.bookings.reading import read_booking
from callsheet.bookings.rules import BookingStatus, CancelReason
from callsheet.bookings.settlement import Settlers, settle_or_leave_it
from callsheet.kernel.clock import next_beat
from callsheet.kernel.errors import CallsheetError, Kind
from callsheet.kernel.principal import Principal
from callsheet.payments.rules import awaits_bank
from callsheet.payments.shares import RefundSplit
from callsheet.platform.stale import decided_anew
from callsheet.platform.transaction import Transaction

_SETTLERS: Settlers[Converging] = {**VOIDING, **REFUNDING}
_LOOK_EVERY = timedelta(hours=1)
_STUCK_AFTER = timedelta(days=1)
_LATER = frozenset({Kind.CONFLICT, Kind.UNAVAILABLE})


class Followed(StrEnum):
    DONE = "done"
    WAITS = "waits"  # a refund or dispute stands in the way, or Stripe does not answer
    STUCK = "stuck"  # for so long that somebody should look


def follow_booking(booking_id: str, due_at: datetime, caller: Principal, deps: Converging) -> Followed:
    """The next look is arranged before this one, so that a crash or an outage in between ends nothing.

    Nothing is proposed or consented to once a booking has ended, since each holds its transaction to the booking as it
    was read: what is open here is all there is. A capture that was claimed before is finished first, and follows then.
    """
    booking = read_booking(booking_id).booking
    waiting = [one.id for one in booking.amendments if one.is_open]
    if not waiting or booking.status not in {BookingStatus.COMPLETED, BookingStatus.CANCELLED}:
        return Followed.DONE
    txn = Transaction(caller, deps.clock.now())
    txn.due(FOLLOW, booking_id, next_beat(due_at, _LOOK_EVERY, deps.clock.now()))
    txn.commit()
    found = {_follow(booking, amendment_id, caller, deps) for amendment_id in waiting}
    return next(worst for worst in (Followed.STUCK, Followed.WAITS, Followed.DONE) if worst in found)


def _follow(booking: Booking, amendment_id: str, caller: Principal, deps: Converging) -> Followed:
    """A bank takes weeks to decide; nothing else that stands in the way takes longer than a day."""

    def decide() -> Case:
        case = load_case(amendment_id)
        _end(case, booking, caller, deps.clock.now())
        return case

    try:
        converge_payment(amendment_id, caller, deps)
        settle_or_leave_it(decided_anew(decide), _SETTLERS, caller, deps)
    except PaymentDisputed:
        return Followed.WAITS
    except CallsheetError as error:
        if error.kind not in _LATER:
            raise
        is_late = _ended_at(booking) + _STUCK_AFTER <= deps.clock.now()
        return Followed.STUCK if is_late else Followed.WAITS
    return Followed.DONE


def _end(case: Case, booking: Booking, caller: Principal, now: datetime) -> None:
    """What becomes of an amendment follows from what became of its booking, which does not change any more."""
    ended = booking.cancellation
    match case.booking.status, ended:
        case BookingStatus.PENDING, _:
            end_unaccepted(case, ended.reason if ended else CancelReason.EXPIRED, caller, now)
        case BookingStatus.ACCEPTED, None:
            finish(case, caller, now)
        case BookingStatus.ACCEPTED, Cancellation():
            end_accepted(case, _share(case, booking, ended), ended, caller, now)
        case _:
            pass


def _share(case: Case, booking: Booking, ended: Cancellation) -> RefundSplit:
    """What goes back of it. PaymentDisputed while a bank decides; what that has taken counts as given back."""
    if awaits_bank(case.payment):
        raise PaymentDisputed
    return refund_of_amendment(case.booking, booking, ended)


def _ended_at(booking: Booking) -> datetime:
    ended_at = booking.cancellation.cancelled_at if booking.cancellation else booking.completed_at
    return ended_at or booking.created_at
