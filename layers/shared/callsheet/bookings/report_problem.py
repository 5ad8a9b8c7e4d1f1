"""Something was wrong: the payout waits until support has decided."""

from datetime import datetime, timedelta

from callsheet.bookings.case import Case, load_case
from callsheet.bookings.deps import BookingsDeps
from callsheet.bookings.errors import AcceptanceWindowClosed, ProblemOpen, SessionNotStarted
from callsheet.bookings.events import ProblemReported
from callsheet.bookings.model import Booking, BookingView, Problem, ReportProblem
from callsheet.bookings.rules import BOOKING, PROBLEM_HOURS, BookingAction, acceptance_until
from callsheet.bookings.views import require_booking, role_of
from callsheet.kernel.principal import Principal
from callsheet.platform.once import claim
from callsheet.platform.stale import decided_anew
from callsheet.platform.transaction import Transaction


def report_problem(command: ReportProblem, caller: Principal, deps: BookingsDeps) -> BookingView:
    """One batch read, one transaction. The client's right from the start of the session until they have accepted."""

    def decide() -> Case:
        now = deps.clock.now()
        case = load_case(command.booking_id, caller, now)
        booking = case.booking
        require_booking(booking, caller)
        if case.is_repeat:
            return case
        BOOKING.step(booking.status, BookingAction.REPORT_PROBLEM, role_of(booking, caller))
        if booking.starts_at is not None and now < booking.starts_at:
            raise SessionNotStarted
        if booking.problem is not None:
            raise ProblemOpen
        if _window_ends_at(booking) <= now:
            raise AcceptanceWindowClosed
        problem = Problem(description=command.description, reported_at=now)
        txn = Transaction(caller, now)
        claim(txn, caller.request_key, now, subject=booking.id)
        case.save_booking(txn, booking.model_copy(update={"problem": problem}))
        txn.due("booking.problem", booking.id, now + timedelta(hours=PROBLEM_HOURS))
        case.publish(txn, ProblemReported)
        txn.commit()
        return case

    return decided_anew(decide).view(caller)


def _window_ends_at(booking: Booking) -> datetime:
    """However late the end of the session was noticed, the window counts from it."""
    return booking.acceptance_until or acceptance_until(
        booking.ends_at or booking.created_at, booking.acceptance_hours
    )


def has_open_problem(booking: Booking) -> bool:
    """True until support has ended the booking one way or the other."""
    return booking.problem is not None
