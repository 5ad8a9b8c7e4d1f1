"""A second person decides on a refund that one alone may not give."""

from dataclasses import dataclass
from datetime import datetime

from callsheet.bookings.asking_refunds import REFUNDING
from callsheet.bookings.case import Case, load_case
from callsheet.bookings.errors import ProposalLapsed, RefundDecided, SecondPersonNeeded
from callsheet.bookings.giving_back import claim_refund, require_refundable
from callsheet.bookings.goodwill import has_lapsed
from callsheet.bookings.refunding_deps import Refunding
from callsheet.bookings.refunds import Refund, RefundItem, refund_key, save_refund
from callsheet.bookings.settlement import settle_or_leave_it
from callsheet.bookings.states import REFUND, RefundAction, RefundStatus
from callsheet.kernel.errors import NotFound
from callsheet.kernel.principal import Principal
from callsheet.platform.stale import decided_anew
from callsheet.platform.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Of which refund, which way, and why."""

    booking_id: str
    refund_id: str
    is_approved: bool
    reason: str


def decide_refund(decision: Decision, caller: Principal, deps: Refunding) -> Refund:
    """One batch read, one transaction; an approved refund then goes its way. The same decision again changes nothing.

    Raises NotFound, SecondPersonNeeded to the one who proposed it, ProposalLapsed after seven days, RefundDecided where
    it was decided otherwise, and what stands in a refund's way.
    """
    case, refund = decided_anew(lambda: _decide(decision, caller, deps))
    settle_or_leave_it(case, REFUNDING, caller, deps)
    return refund


def _decide(decision: Decision, caller: Principal, deps: Refunding) -> tuple[Case, Refund]:
    now = deps.clock.now()
    case = load_case(decision.booking_id, beside=[refund_key(decision.booking_id, decision.refund_id)])
    (stored,) = case.beside
    if not isinstance(stored, RefundItem):
        raise NotFound("There is no such refund of this booking")
    action = RefundAction.APPROVE if decision.is_approved else RefundAction.REJECT
    (wanted,) = {row.target for row in REFUND.transitions if row.action is action}
    refund = stored.document
    if refund.status is wanted:
        return case, refund
    if refund.status is RefundStatus.LAPSED:
        raise ProposalLapsed
    if refund.status is not RefundStatus.PROPOSED:
        raise RefundDecided(extra={"status": refund.status})
    if caller.user_id == refund.proposed_by:
        raise SecondPersonNeeded
    if has_lapsed(refund.proposed_at, now):
        _lapse(stored, caller, now)
        raise ProposalLapsed
    step = REFUND.step(refund.status, action, "second person")
    decided = {
        "status": step.target,
        "decided_by": caller.user_id,
        "decided_at": now,
        "decided_for": decision.reason,
    }
    txn = Transaction(caller, now)
    refund = refund.model_copy(update=decided)
    save_refund(txn, stored, refund)
    if decision.is_approved:
        require_refundable(case, caller)
        claim_refund(case, refund, caller, txn, now)
    txn.commit()
    return case, refund


def _lapse(stored: RefundItem, caller: Principal, now: datetime) -> None:
    """Nothing waits for a proposal's end: whoever comes too late writes down that it is over."""
    refund, txn = stored.document, Transaction(caller, now)
    status = REFUND.step(refund.status, RefundAction.LAPSE, "system").target
    save_refund(txn, stored, refund.model_copy(update={"status": status}))
    txn.commit()
