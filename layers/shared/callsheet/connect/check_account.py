"""A payout account that waits and has been quiet: look at it, less and less often."""

from datetime import datetime
from enum import StrEnum

from callsheet.connect.converge_account import converge_account
from callsheet.connect.deps import ConnectDeps
from callsheet.connect.recording import watched
from callsheet.connect.rules import is_waiting
from callsheet.connect.store import save_account, stored_account
from callsheet.kernel.principal import Principal
from callsheet.platform.stale import decided_anew
from callsheet.platform.transaction import Transaction


class Checked(StrEnum):
    MOOT = "moot"  # nothing is to come
    LOOKED = "looked"


def check_account(user_id: str, due_at: datetime, caller: Principal, deps: ConnectDeps) -> Checked:
    """The next look is arranged before this one, so that a crash or an outage in between ends nothing.

    A message that comes again, or whose look was put off, arranges none. Raises PaymentsUnavailable.
    """
    if not decided_anew(lambda: _arranged(user_id, due_at, caller, deps)):
        return Checked.MOOT
    converge_account(user_id, caller, deps)
    return Checked.LOOKED


def _arranged(user_id: str, due_at: datetime, caller: Principal, deps: ConnectDeps) -> bool:
    stored, now = stored_account(user_id), deps.clock.now()
    if stored is None or not is_waiting(stored.document):
        return False
    account = stored.document
    if account.check_at == due_at:
        txn = Transaction(caller, now)
        save_account(txn, stored, watched(txn, account, now, account.checks + 1))
        txn.commit()
    return True
