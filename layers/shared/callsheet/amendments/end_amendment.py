"""A proposal is declined by the other side, or taken back by who made it: what was authorised is released."""

from callsheet.amendments.model import AmendmentView, Answer
from callsheet.amendments.parties import require_party, role_in
from callsheet.amendments.views import amendment_view, amends_of
from callsheet.bookings.case import Case, load_case
from callsheet.bookings.charging_deps import Charging
from callsheet.bookings.ending import VOIDING, end_unaccepted
from callsheet.bookings.rules import CancelReason
from callsheet.bookings.settlement import settle_or_leave_it
from callsheet.bookings.states import AMENDMENT, AmendmentAction
from callsheet.kernel.principal import Principal
from callsheet.platform.stale import decided_anew


def decline_amendment(answer: Answer, caller: Principal, deps: Charging) -> AmendmentView:
    """Two reads and one transaction before Stripe is asked to void; CaptureUnderWay where a consent was first."""
    return _end(answer, AmendmentAction.DECLINE, caller, deps)


def withdraw_amendment(answer: Answer, caller: Principal, deps: Charging) -> AmendmentView:
    """The same, for who proposed it."""
    return _end(answer, AmendmentAction.WITHDRAW, caller, deps)


def _end(answer: Answer, action: AmendmentAction, caller: Principal, deps: Charging) -> AmendmentView:
    def decide() -> Case:
        now = deps.clock.now()
        case = load_case(answer.amendment_id, caller, now)
        amends, party = amends_of(case.booking, answer.booking_id), require_party(case.booking, caller)
        if case.is_repeat:
            return case
        AMENDMENT.step(case.booking.status, action, role_in(amends, party))
        is_declined = action is AmendmentAction.DECLINE
        end_unaccepted(case, CancelReason.DECLINED if is_declined else CancelReason(party), caller, now)
        return case

    case = settle_or_leave_it(decided_anew(decide), VOIDING, caller, deps)
    return amendment_view(case.booking, case.payment, caller)
