"""POST /v1/bookings/{booking_id}/problem: the client says what was wrong; the payout waits for support."""

from callsheet import wiring
from callsheet.bookings.errors import AcceptanceWindowClosed, ProblemOpen, SessionNotStarted
from callsheet.bookings.model import BookingView, ProblemReport, ReportProblem
from callsheet.bookings.report_problem import report_problem
from callsheet.http.endpoint import endpoint
from callsheet.kernel.errors import IllegalTransition
from callsheet.kernel.principal import Principal


@endpoint(errors=(IllegalTransition, SessionNotStarted, AcceptanceWindowClosed, ProblemOpen))
def handler(booking_id: str, body: ProblemReport, caller: Principal) -> BookingView:
    return report_problem(ReportProblem.of(booking_id, body), caller, wiring.bookings())
