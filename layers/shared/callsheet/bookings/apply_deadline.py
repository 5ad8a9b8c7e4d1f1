"""Time does what nobody did: holds and requests expire, sessions start and end, silence accepts."""

from datetime import datetime, timedelta
from enum import StrEnum

from callsheet.bookings.case import Case, load_case
from callsheet.bookings.complete_booking import finish
from callsheet.bookings.converge_payment import converge_payment
from callsheet.bookings.converging_deps import Converging
from callsheet.bookings.ending import end_pending, expire_if_unpaid
from callsheet.bookings.events import BookingEnded, BookingStarted
from callsheet.bookings.report_problem import has_open_problem
from callsheet.bookings.rules import (
    PROBLEM_HOURS,
    BookingAction,
    BookingStatus,
    CancelReason,
    acceptance_until,
)
from callsheet.gateways.errors import IntentStateChanged, PaymentsUnavailable
from callsheet.kernel.clock import next_beat
from callsheet.kernel.principal import Principal
from callsheet.platform.stale import decided_anew
from callsheet.platform.transaction import Transaction

_ASKED_AGAIN_AFTER = timedelta(hours=1)


class Deadline(StrEnum):
    """The due kinds of a booking."""

    HOLD = "booking.hold"
    ANSWER = "booking.answer"
    START = "booking.start"
    END = "booking.end"
    ACCEPTANCE = "booking.acceptance"
    PROBLEM = "booking.problem"


class Applied(StrEnum):
    DONE = "done"
    MOOT = "moot"  # the booking has gone on without it
    OVERDUE = "overdue"  # a problem lies with support for too long


def apply_deadline(kind: Deadline, booking_id: str, caller: Principal, deps: Converging) -> Applied:
    """What a deadline does is decided on the state as it is now, so that a late or repeated one does nothing wrong."""
    match kind:
        case Deadline.HOLD:
            return _expire_hold(booking_id, caller, deps)
        case Deadline.ANSWER:
            return _expire_request(booking_id, caller, deps)
        case Deadline.START | Deadline.END | Deadline.ACCEPTANCE | Deadline.PROBLEM:
            if kind is Deadline.ACCEPTANCE and not _has_heard_stripe(booking_id, caller, deps):
                return Applied.MOOT
            return decided_anew(lambda: _move_session(kind, load_case(booking_id), caller, deps.clock.now()))


def _has_heard_stripe(booking_id: str, caller: Principal, deps: Converging) -> bool:
    """A dispute whose webhook was lost is heard of here. Without Stripe's answer silence accepts an hour later."""
    try:
        converge_payment(booking_id, caller, deps)
    except (PaymentsUnavailable, IntentStateChanged):
        txn = Transaction(caller, deps.clock.now())
        txn.due(Deadline.ACCEPTANCE, booking_id, deps.clock.now() + _ASKED_AGAIN_AFTER)
        txn.commit()
        return False
    return True


def _expire_hold(booking_id: str, caller: Principal, deps: Converging) -> Applied:
    """Stripe is asked first: the client may have paid in time, and the webhook be late."""
    if load_case(booking_id).booking.status is not BookingStatus.PENDING:
        return Applied.MOOT
    converge_payment(booking_id, caller, deps)
    has_expired = expire_if_unpaid(load_case(booking_id), caller, deps)
    return Applied.DONE if has_expired else Applied.MOOT


def _expire_request(booking_id: str, caller: Principal, deps: Converging) -> Applied:
    booking = load_case(booking_id).booking
    if booking.status is not BookingStatus.PENDING or booking.answer_by is None:
        return Applied.MOOT
    if deps.clock.now() < booking.answer_by:
        return Applied.MOOT
    end_pending(booking_id, BookingAction.EXPIRE, CancelReason.EXPIRED, caller, deps)
    return Applied.DONE


def _move_session(kind: Deadline, case: Case, caller: Principal, now: datetime) -> Applied:
    booking = case.booking
    if booking.status is not BookingStatus.ACCEPTED:
        return Applied.MOOT
    match kind:
        case Deadline.START if booking.started_at is None and booking.starts_at and booking.starts_at <= now:
            _start(case, caller, now)
        case Deadline.END if booking.ended_at is None and booking.ends_at and booking.ends_at <= now:
            _end(case, caller, now)
        case Deadline.ACCEPTANCE if _has_lapsed(case, now):
            finish(case, caller, now)
        case Deadline.PROBLEM if has_open_problem(booking):
            _remind(case, caller, now)
            return Applied.OVERDUE
        case _:
            return Applied.MOOT
    return Applied.DONE


def _start(case: Case, caller: Principal, now: datetime) -> None:
    booking = case.booking
    txn = Transaction(caller, now)
    case.save_booking(txn, booking.model_copy(update={"started_at": booking.starts_at}))
    txn.due(Deadline.END, booking.id, booking.ends_at or now)
    case.publish(txn, BookingStarted)
    txn.commit()


def _end(case: Case, caller: Principal, now: datetime) -> None:
    """The window counts from the session's own end, however late we notice."""
    booking = case.booking
    ended_at = booking.ends_at or now
    until = acceptance_until(ended_at, booking.acceptance_hours)
    txn = Transaction(caller, now)
    ended = {"ended_at": ended_at, "acceptance_until": until}
    case.save_booking(txn, booking.model_copy(update=ended))
    txn.due(Deadline.ACCEPTANCE, booking.id, until)
    case.publish(txn, BookingEnded, acceptance_until=until)
    txn.commit()


def _has_lapsed(case: Case, now: datetime) -> bool:
    booking = case.booking
    is_past = booking.acceptance_until is not None and booking.acceptance_until <= now
    return is_past and not has_open_problem(booking)


def _remind(case: Case, caller: Principal, now: datetime) -> None:
    """Counted from the report, so that a repeated message arranges the same reminder and no second chain of them."""
    problem, every = case.booking.problem, timedelta(hours=PROBLEM_HOURS)
    if problem is None:
        return
    txn = Transaction(caller, now)
    txn.due(Deadline.PROBLEM, case.booking.id, next_beat(problem.reported_at, every, now))
    txn.commit()
