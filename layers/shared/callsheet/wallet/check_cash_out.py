"""A cash-out that nobody goes on with: a proposal lapses, and a bank transfer that is not made wakes somebody."""

from datetime import datetime
from enum import StrEnum

from callsheet.kernel.clock import next_beat
from callsheet.kernel.principal import Principal
from callsheet.platform.stale import decided_anew
from callsheet.platform.transaction import Transaction
from callsheet.wallet.cash_out_store import save_cash_out
from callsheet.wallet.cash_outs import CASH_OUT, CHECK, LOOK_EVERY, CashOutAction, CashOutStatus, has_lapsed
from callsheet.wallet.cashing_out import stored_cash_out
from callsheet.wallet.deps import WalletDeps


class Checked(StrEnum):
    LAPSED = "lapsed"
    UNPAID = "unpaid"  # for so long that somebody should look
    MOOT = "moot"


def check_cash_out(subject: str, due_at: datetime, caller: Principal, deps: WalletDeps) -> Checked:
    """Nothing returns by itself what may have left the bank: it is looked at again each day, and somebody woken."""
    user_id, _, cash_out_id = subject.partition("/")

    def decide() -> Checked:
        stored, now = stored_cash_out(user_id, cash_out_id), deps.clock.now()
        cash_out, txn = stored.document, Transaction(caller, now)
        if cash_out.status is CashOutStatus.APPROVED:
            txn.due(CHECK, subject, next_beat(due_at, LOOK_EVERY, now))
            txn.commit()
            return Checked.UNPAID
        if cash_out.status is not CashOutStatus.PROPOSED or not has_lapsed(cash_out.proposed_at, now):
            return Checked.MOOT
        status = CASH_OUT.step(cash_out.status, CashOutAction.LAPSE, "system").target
        save_cash_out(txn, stored, cash_out.model_copy(update={"status": status}))
        txn.commit()
        return Checked.LAPSED

    return decided_anew(decide)
