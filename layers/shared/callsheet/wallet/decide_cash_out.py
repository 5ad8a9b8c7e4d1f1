"""A second person decides whether credit of a failed refund goes to the client's bank."""

from datetime import datetime

from callsheet.kernel.principal import Principal
from callsheet.platform.stale import Stale, decided_anew
from callsheet.platform.transaction import Transaction
from callsheet.wallet.cash_out_store import CashOutItem, save_cash_out
from callsheet.wallet.cash_outs import CASH_OUT, CashOut, CashOutAction, CashOutStatus, has_lapsed
from callsheet.wallet.cashing_out import purse_of, require_another, require_room, set_aside, stored_cash_out
from callsheet.wallet.deps import WalletDeps
from callsheet.wallet.errors import CashOutDecided, CashOutLapsed, CashOutNeedsAnother

_PROPOSER, _SECOND = "proposer", "second person"


def approve_cash_out(
    user_id: str, cash_out_id: str, reason: str, caller: Principal, deps: WalletDeps
) -> CashOut:
    """Three reads, one transaction that sets the credit aside; the same decision again changes nothing.

    Raises CashOutNeedsAnother to who proposed it, CashOutLapsed after seven days, CashOutDecided where it was decided
    otherwise, and whatever `ask_cash_out` would.
    """

    def decide() -> CashOut:
        stored, now = stored_cash_out(user_id, cash_out_id), deps.clock.now()
        cash_out = stored.document
        require_another(user_id, caller)
        if cash_out.status in {CashOutStatus.APPROVED, CashOutStatus.PAID}:
            return cash_out
        _require_open(cash_out, now)
        if caller.user_id == cash_out.proposed_by:
            raise CashOutNeedsAnother
        purse = purse_of(user_id, cash_out.refund_id, cash_out.amount.currency)
        if purse.left < cash_out.amount:
            _require_undecided(stored)
        require_room(purse, cash_out.amount)
        approved = _decided(cash_out, CashOutAction.APPROVE, _SECOND, reason, caller, now)
        txn = Transaction(caller, now)
        save_cash_out(txn, stored, approved)
        set_aside(txn, approved, purse, now)
        txn.commit()
        return approved

    return decided_anew(decide)


def reject_cash_out(
    user_id: str, cash_out_id: str, reason: str, caller: Principal, deps: WalletDeps
) -> CashOut:
    """One read, one transaction. Who proposed it may take it back so."""

    def decide() -> CashOut:
        stored, now = stored_cash_out(user_id, cash_out_id), deps.clock.now()
        cash_out = stored.document
        if cash_out.status is CashOutStatus.REJECTED:
            return cash_out
        _require_open(cash_out, now)
        who = _PROPOSER if caller.user_id == cash_out.proposed_by else _SECOND
        rejected = _decided(cash_out, CashOutAction.REJECT, who, reason, caller, now)
        txn = Transaction(caller, now)
        save_cash_out(txn, stored, rejected)
        txn.commit()
        return rejected

    return decided_anew(decide)


def _require_open(cash_out: CashOut, now: datetime) -> None:
    if cash_out.status is CashOutStatus.LAPSED:
        raise CashOutLapsed
    if cash_out.status is not CashOutStatus.PROPOSED:
        raise CashOutDecided(extra={"status": str(cash_out.status)})
    if has_lapsed(cash_out.proposed_at, now):  # nobody has heard of its deadline yet
        raise CashOutLapsed


def _require_undecided(stored: CashOutItem) -> None:
    """Stale where somebody has approved it meanwhile: then what is missing is what was set aside for it."""
    if stored_cash_out(stored.pk, stored.document.id).version != stored.version:
        raise Stale


def _decided(  # noqa: PLR0917 - what, how, by whom, why and when
    cash_out: CashOut, action: CashOutAction, who: str, reason: str, caller: Principal, now: datetime
) -> CashOut:
    status = CASH_OUT.step(cash_out.status, action, who).target
    decided = {"status": status, "decided_by": caller.user_id, "decided_at": now, "decided_for": reason}
    return cash_out.model_copy(update=decided)
