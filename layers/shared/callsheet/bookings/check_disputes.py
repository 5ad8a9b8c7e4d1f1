"""An open dispute is looked at every day, so that a lost webhook heals, and wakes support before time runs out."""

from enum import StrEnum

from callsheet.bookings.case import Case, load_case
from callsheet.bookings.converge_payment import converge_payment
from callsheet.bookings.converging_deps import Converging
from callsheet.bookings.dispute_events import DisputeEvidenceDue
from callsheet.bookings.disputes import arm_check
from callsheet.kernel.principal import Principal
from callsheet.payments.disputes import disputes_of, save_dispute, stored_disputes
from callsheet.payments.rules import is_disputed
from callsheet.platform.stale import decided_anew
from callsheet.platform.transaction import Transaction


class Looked(StrEnum):
    CLOSED = "closed"
    WAITING = "waiting"
    RUNS_OUT = "runs_out"  # somebody should answer the bank


def check_disputes(booking_id: str, caller: Principal, deps: Converging) -> Looked:
    """The next look is arranged before this one, so that a crash or an outage in between ends nothing.

    Looks are at the same hour every day, counted from the booking's birth: a repeated one arranges the same next.
    """
    case = load_case(booking_id)
    if not _has_open(case):
        return Looked.CLOSED
    txn = Transaction(caller, deps.clock.now())
    arm_check(txn, case, deps.clock.now())
    txn.commit()
    converge_payment(booking_id, caller, deps)
    return decided_anew(lambda: _remind(booking_id, caller, deps))


def _has_open(case: Case) -> bool:
    """A payment whose refund was refused is disputed before anybody knows by which dispute; what is set aside waits for
    the end of one, whether that was heard of or not.
    """
    if case.payment.set_aside is not None or any(dispute.is_open for dispute in disputes_of(case.booking.id)):
        return True
    return is_disputed(case.payment) and not case.payment.losses


def _remind(booking_id: str, caller: Principal, deps: Converging) -> Looked:
    """Support is told once a dispute; the look itself says so every day until somebody has answered."""
    now, case = deps.clock.now(), load_case(booking_id)
    stored = list(stored_disputes(booking_id).values())
    late = [item for item in stored if item.document.is_open and item.document.runs_out(now)]
    txn = Transaction(caller, now)
    for item in late:
        dispute = item.document
        if dispute.woken_at is None:
            save_dispute(txn, item, dispute.model_copy(update={"woken_at": now}))
            case.publish(
                txn,
                DisputeEvidenceDue,
                dispute_id=dispute.id,
                amount=dispute.amount,
                evidence_due_at=dispute.evidence_due_at,
            )
    txn.commit()
    if late:
        return Looked.RUNS_OUT
    return Looked.WAITING if _has_open(load_case(booking_id)) else Looked.CLOSED
