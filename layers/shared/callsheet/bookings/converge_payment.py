"""Moves a booking and its payment to where Stripe says they are: after a webhook, and where none came."""

from datetime import datetime

from callsheet.bookings.amended import AMENDING
from callsheet.bookings.asking_captures import capturing
from callsheet.bookings.asking_intents import holding
from callsheet.bookings.asking_refunds import REFUNDING
from callsheet.bookings.authorizing import AUTHORIZING
from callsheet.bookings.captured_elsewhere import captured_elsewhere
from callsheet.bookings.capturing import CAPTURING, fee_known
from callsheet.bookings.case import Case, load_case
from callsheet.bookings.convergence import Record
from callsheet.bookings.converging_deps import Converging
from callsheet.bookings.disputes import converge_disputes
from callsheet.bookings.ending import end_unaccepted
from callsheet.bookings.failed_refunds import converge_refunds
from callsheet.bookings.recording import Writers, record
from callsheet.bookings.rules import CancelReason
from callsheet.bookings.settlement import Settlers, settle
from callsheet.gateways.payments import Intent
from callsheet.kernel.errors import IllegalTransition
from callsheet.kernel.principal import Principal
from callsheet.payments.model import Ask, PaymentStatus
from callsheet.payments.rules import is_claimed_for, is_disputed
from callsheet.platform.stale import Stale, decided_anew

# Nothing comes after these but what we ask for ourselves. What was refunded may be disputed all the same.
_OVER = frozenset({PaymentStatus.VOIDED, PaymentStatus.FAILED})
_WRITERS: Writers = {
    **AUTHORIZING,
    **CAPTURING,
    **AMENDING,
    Record.CAPTURED_ELSEWHERE: captured_elsewhere,
    Record.FEE_KNOWN: fee_known,
}
_SETTLERS: Settlers[Converging] = {
    **holding(_WRITERS),
    Ask.CAPTURE: capturing(_WRITERS),
    **REFUNDING,
}


def converge_payment(booking_id: str, caller: Principal, deps: Converging) -> None:
    """Finish what is in flight, or look at the intent, then at its refunds and disputes.

    Order and repetition do not matter. Raises NotFound for a booking there is not, PaymentsUnavailable where Stripe
    does not answer.
    """

    def converge() -> None:
        case = load_case(booking_id)
        if _comes_too_late(case, deps.clock.now()):
            end_unaccepted(case, CancelReason.EXPIRED, caller, deps.clock.now())
        try:
            settle(case, _SETTLERS, caller, deps)
            intent = None if case.payment.status in _OVER else _look_at(case, caller, deps)
            settle(case, _SETTLERS, caller, deps)
            converge_refunds(case, caller, deps)
            if is_disputed(case.payment) or (intent is not None and intent.is_disputed):
                converge_disputes(case, caller, deps)
                settle(
                    case, _SETTLERS, caller, deps
                )  # a refund that a dispute overtook, and that may leave after all
        except IllegalTransition as error:
            raise Stale from error  # the two reads of the case saw different moments

    decided_anew(converge)


def _look_at(case: Case, caller: Principal, deps: Converging) -> Intent | None:
    """Fetch the intent and move our state toward it; the intent, where there is one."""
    if case.payment.intent_id is None:
        return None
    intent = deps.payments.intent(case.payment.intent_id)
    record(case, intent, _WRITERS, caller, deps.clock.now())
    return intent


def _comes_too_late(case: Case, now: datetime) -> bool:
    """A request whose authorisation was cut off is not revived once its hold has ended."""
    return is_claimed_for(case.payment, Ask.AUTHORIZE) and case.booking.hold_until <= now
