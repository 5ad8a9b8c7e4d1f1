"""Finance says what became of a bank transfer: it was made, or it was not, or it has come back."""

from callsheet.kernel.principal import Principal
from callsheet.ledger.post import post
from callsheet.platform.read import get_together
from callsheet.platform.stale import decided_anew
from callsheet.platform.transaction import Transaction
from callsheet.wallet.cash_out_store import CashedOutItem, cashed_out_key, save_cash_out, save_cashed_out
from callsheet.wallet.cash_outs import (
    CASH_OUT,
    BankTransfer,
    CashedOut,
    CashOut,
    CashOutAction,
    CashOutStatus,
)
from callsheet.wallet.cashing_out import about, line_of, require_another, stored_cash_out
from callsheet.wallet.credit_events import CashOutPaid, CashOutReturned
from callsheet.wallet.deps import WalletDeps
from callsheet.wallet.errors import CashOutDecided
from callsheet.wallet.lines import LineKind
from callsheet.wallet.movements import move
from callsheet.wallet.postings import cash_out_paid_entry, cash_out_returned_entry

_FINANCE = "finance"


def pay_cash_out(
    user_id: str, cash_out_id: str, made: BankTransfer, caller: Principal, deps: WalletDeps
) -> CashOut:
    """One read, one transaction; the same reference again changes nothing, another is CashOutDecided."""

    def decide() -> CashOut:
        stored, now = stored_cash_out(user_id, cash_out_id), deps.clock.now()
        cash_out = stored.document
        require_another(user_id, caller)
        if cash_out.status is CashOutStatus.PAID and cash_out.bank_reference == made.bank_reference:
            return cash_out
        if cash_out.status is not CashOutStatus.APPROVED:
            raise CashOutDecided(extra={"status": str(cash_out.status)})
        status = CASH_OUT.step(cash_out.status, CashOutAction.PAY, _FINANCE).target
        paid = {"status": status, "bank_reference": made.bank_reference}
        paid_out = cash_out.model_copy(update={**paid, "paid_by": caller.user_id, "paid_at": now})
        txn = Transaction(caller, now)
        save_cash_out(txn, stored, paid_out)
        post(txn, cash_out_paid_entry(cash_out.id, cash_out.amount), now)
        txn.publish(about(CashOutPaid, cash_out))
        txn.commit()
        return paid_out

    return decided_anew(decide)


def return_cash_out(
    user_id: str, cash_out_id: str, reason: str, caller: Principal, deps: WalletDeps
) -> CashOut:
    """Two reads, one transaction: the credit is the client's again, and may be spent, or paid out anew."""

    def decide() -> CashOut:
        stored, now = stored_cash_out(user_id, cash_out_id), deps.clock.now()
        cash_out = stored.document
        require_another(user_id, caller)
        if cash_out.status is CashOutStatus.RETURNED:
            return cash_out
        if cash_out.status not in {CashOutStatus.APPROVED, CashOutStatus.PAID}:
            raise CashOutDecided(extra={"status": str(cash_out.status)})
        (done,) = get_together([cashed_out_key(user_id, cash_out.amount.currency)])
        status = CASH_OUT.step(cash_out.status, CashOutAction.RETURN, _FINANCE).target
        why = {"returned_by": caller.user_id, "returned_at": now, "returned_for": reason}
        returned = cash_out.model_copy(update={"status": status, **why})
        was_paid = cash_out.status is CashOutStatus.PAID
        txn = Transaction(caller, now)
        save_cash_out(txn, stored, returned)
        if isinstance(done, CashedOutItem):
            save_cashed_out(txn, cash_out, done, _without(done.document, cash_out))
        move(txn, user_id, line_of(cash_out, LineKind.CASH_OUT_RETURNED, cash_out.amount, now))
        post(txn, cash_out_returned_entry(cash_out.id, user_id, cash_out.amount, was_paid=was_paid), now)
        txn.publish(about(CashOutReturned, cash_out))
        txn.commit()
        return returned

    return decided_anew(decide)


def _without(done: CashedOut, cash_out: CashOut) -> CashedOut:
    """So much more can be paid out of that refund; toward what one person decides alone it counts as before."""
    left = done.by_refund.get(cash_out.refund_id, 0) - cash_out.amount.amount_minor
    return done.model_copy(update={"by_refund": {**done.by_refund, cash_out.refund_id: left}})
