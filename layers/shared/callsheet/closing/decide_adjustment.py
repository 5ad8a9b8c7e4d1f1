"""A second person approves what was proposed, or somebody of finance rejects it; or its time runs out."""

from datetime import date

from callsheet.closing.adjusting import open_amounts, open_difference, post_adjustment
from callsheet.closing.days import day_of, ended_close_of
from callsheet.closing.deps import BalancingDeps, ClosingDeps
from callsheet.closing.errors import AdjustmentNotFound, DifferenceChanged, SecondPersonNeeded
from callsheet.closing.model import Adjustment
from callsheet.closing.rules import ADJUSTMENT, AdjustmentAction
from callsheet.closing.store import (
    AdjustmentItem,
    difference_key,
    is_open,
    save_adjustment,
    save_difference,
    stored_adjustments,
    stored_differences,
)
from callsheet.kernel.ids import has_prefix
from callsheet.kernel.principal import Principal
from callsheet.platform.stale import decided_anew
from callsheet.platform.transaction import Transaction

_PROPOSER, _SECOND, _SYSTEM = "proposer", "second person", "system"


def approve_adjustment(day: str, adjustment_id: str, caller: Principal, deps: BalancingDeps) -> Adjustment:
    """Posts it. Raises SecondPersonNeeded for who proposed it, DifferenceChanged where another amount is open now."""
    return decided_anew(lambda: _approve(day, adjustment_id, caller, deps))


def reject_adjustment(day: str, adjustment_id: str, caller: Principal, deps: ClosingDeps) -> Adjustment:
    """The difference stays open, for another proposal. Who proposed it may take it back so."""
    return decided_anew(lambda: _reject(day, adjustment_id, caller, deps))


def expire_proposal(day: date, adjustment_id: str, caller: Principal, deps: ClosingDeps) -> bool:
    """False where it was decided before."""
    return decided_anew(lambda: _expire(day, adjustment_id, caller, deps))


def _approve(day: str, adjustment_id: str, caller: Principal, deps: BalancingDeps) -> Adjustment:
    now, stored = deps.clock.now(), _stored(day_of(day), adjustment_id)
    proposed = stored.document
    if caller.user_id == proposed.proposed_by:
        raise SecondPersonNeeded
    approved = _decided(proposed, AdjustmentAction.APPROVE, _SECOND, caller, deps)
    close = ended_close_of(day)
    difference = open_difference(close, proposed.reference)
    if open_amounts(proposed.reference, deps) != proposed.amounts:
        raise DifferenceChanged
    txn = Transaction(caller, now)
    save_adjustment(txn, stored, approved)
    post_adjustment(txn, approved, close, difference, now)
    txn.commit()
    return approved


def _reject(day: str, adjustment_id: str, caller: Principal, deps: ClosingDeps) -> Adjustment:
    stored = _stored(day_of(day), adjustment_id)
    who = _PROPOSER if caller.user_id == stored.document.proposed_by else _SECOND
    rejected = _decided(stored.document, AdjustmentAction.REJECT, who, caller, deps)
    _let_go(stored, rejected, caller, deps)
    return rejected


def _expire(day: date, adjustment_id: str, caller: Principal, deps: ClosingDeps) -> bool:
    stored = _stored(day, adjustment_id)
    if not ADJUSTMENT.exits(stored.document.status):
        return False
    _let_go(stored, _decided(stored.document, AdjustmentAction.EXPIRE, _SYSTEM, caller, deps), caller, deps)
    return True


def _let_go(stored: AdjustmentItem, ended: Adjustment, caller: Principal, deps: ClosingDeps) -> None:
    """The difference waits for another proposal."""
    txn = Transaction(caller, deps.clock.now())
    save_adjustment(txn, stored, ended)
    (difference,) = stored_differences([difference_key(ended.day, ended.reference)])
    if difference is not None and is_open(difference) and difference.document.adjustment_id == ended.id:
        freed = difference.document.model_copy(update={"adjustment_id": None})
        save_difference(txn, difference, freed)
    txn.commit()


def _stored(day: date, adjustment_id: str) -> AdjustmentItem:
    if not has_prefix(adjustment_id, "adj"):
        raise AdjustmentNotFound
    stored = stored_adjustments(day, [adjustment_id]).get(adjustment_id)
    if stored is None:
        raise AdjustmentNotFound
    return stored


def _decided(
    proposed: Adjustment, action: AdjustmentAction, who: str, caller: Principal, deps: ClosingDeps
) -> Adjustment:
    """Raises IllegalTransition where it was decided before."""
    target = ADJUSTMENT.step(proposed.status, action, who).target
    decided = {"status": target, "decided_by": caller.id, "decided_at": deps.clock.now()}
    return proposed.model_copy(update=decided)
