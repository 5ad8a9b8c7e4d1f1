"""Somebody of finance says how a difference is to be booked."""

from callsheet.closing.adjusting import open_amounts, open_difference, post_adjustment
from callsheet.closing.days import ended_close_of
from callsheet.closing.deps import BalancingDeps
from callsheet.closing.errors import AdjustmentPending
from callsheet.closing.model import Adjustment, AdjustmentStatus, ProposeAdjustment
from callsheet.closing.rules import PROPOSAL_DEADLINE, PROPOSAL_KEPT
from callsheet.closing.store import add_adjustment, save_difference
from callsheet.kernel.ids import new_id
from callsheet.kernel.principal import Principal
from callsheet.ledger.second_person import needs_second_person
from callsheet.platform.once import claim_and_answer, earlier_answer
from callsheet.platform.stale import decided_anew
from callsheet.platform.transaction import Transaction


def propose_adjustment(
    day: str, command: ProposeAdjustment, caller: Principal, deps: BalancingDeps
) -> Adjustment:
    """Posted at once up to 500.00; above, proposed for seven days, in which a second person approves it.

    Raises CloseNotFound, CloseRunning, DifferenceNotFound, DifferenceClosed, AdjustmentPending.
    """
    now = deps.clock.now()
    before = earlier_answer(Adjustment, caller.request_key, now)
    return before or decided_anew(lambda: _propose(day, command, caller, deps))


def _propose(day: str, command: ProposeAdjustment, caller: Principal, deps: BalancingDeps) -> Adjustment:
    now, close = deps.clock.now(), ended_close_of(day)
    difference = open_difference(close, command.reference)
    if difference.document.adjustment_id is not None:
        raise AdjustmentPending
    amounts = open_amounts(command.reference, deps)
    is_proposal = any(needs_second_person(amount) for amount in amounts)
    adjustment = Adjustment(
        **dict(command),
        id=new_id("adj"),
        day=close.document.day,
        amounts=amounts,
        status=AdjustmentStatus.PROPOSED if is_proposal else AdjustmentStatus.POSTED,
        proposed_by=caller.user_id,
        proposed_at=now,
        expires_at=now + PROPOSAL_KEPT if is_proposal else None,
    )
    txn = Transaction(caller, now)
    add_adjustment(txn, adjustment)
    if is_proposal:
        waiting = {"adjustment_id": adjustment.id}
        save_difference(txn, difference, difference.document.model_copy(update=waiting))
        txn.due(PROPOSAL_DEADLINE, f"{adjustment.day.isoformat()}/{adjustment.id}", now + PROPOSAL_KEPT)
    else:
        post_adjustment(txn, adjustment, close, difference, now)
    claim_and_answer(txn, caller.request_key, adjustment, now)
    txn.commit()
    return adjustment
