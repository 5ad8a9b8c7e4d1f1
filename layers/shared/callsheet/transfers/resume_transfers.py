"""A provider can be paid (again): what has waited for their account alone is looked at now."""

from pydantic import BaseModel

from callsheet.kernel.events import UserRef
from callsheet.kernel.models import STORED
from callsheet.kernel.principal import Principal
from callsheet.platform.stale import decided_anew
from callsheet.platform.transaction import Transaction
from callsheet.transfers.deps import TransfersDeps
from callsheet.transfers.model import Delay, Transfer, TransferStatus
from callsheet.transfers.reading import load_transfer
from callsheet.transfers.rules import LOOK
from callsheet.transfers.store import page_of, save_transfer

_PAGE = 100


class Enabled(BaseModel):
    """What is read of the event: whose account it is."""

    model_config = STORED

    user_id: UserRef


def resume_transfers(provider_id: str, caller: Principal, deps: TransfersDeps) -> int:
    """How many are looked at now: a query a page of the provider's transfers, a read and a transaction for each.

    The event may come twice, or find some resumed already. A claim that reads the account just before it is enabled is
    not seen here: it looks again by itself (`transfers/planning.py`).
    """
    resumed, after = 0, None
    while True:
        transfers, after = page_of(provider_id, _PAGE, after)
        waiting = [one.booking_id for one in transfers if _waits_for_account(one)]
        resumed += sum(_resume(booking_id, caller, deps) for booking_id in waiting)
        if after is None:
            return resumed


def _waits_for_account(transfer: Transfer) -> bool:
    return transfer.status is TransferStatus.DUE and transfer.delay is Delay.ACCOUNT_NOT_READY


def _resume(booking_id: str, caller: Principal, deps: TransfersDeps) -> bool:
    def decide() -> bool:
        stored, now = load_transfer(booking_id), deps.clock.now()
        if not _waits_for_account(stored.document):  # the index is a moment behind
            return False
        txn = Transaction(caller, now)
        save_transfer(txn, stored, stored.document.model_copy(update={"next_look_at": now}))
        txn.due(LOOK, booking_id, now)
        txn.commit()
        return True

    return decided_anew(decide)
