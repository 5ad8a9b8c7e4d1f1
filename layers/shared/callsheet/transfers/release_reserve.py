"""A reserve's time is over: what is left of it is owed to the provider like everything else, and paid."""

from datetime import timedelta

from callsheet.kernel.principal import Principal
from callsheet.ledger.post import post
from callsheet.platform.stale import decided_anew
from callsheet.platform.transaction import Transaction
from callsheet.transfers.deps import TransfersDeps
from callsheet.transfers.earning import make_due
from callsheet.transfers.events import ReserveReleased, about
from callsheet.transfers.model import TransferStatus
from callsheet.transfers.postings import reserve_release_entry
from callsheet.transfers.reading import load_transfer
from callsheet.transfers.rules import RELEASE_RESERVE, WATCH
from callsheet.transfers.store import save_transfer

_HELD_AGAIN = timedelta(days=1)


def release_reserve(booking_id: str, caller: Principal, deps: TransfersDeps) -> bool:
    """One read, one transaction; False where there is nothing to release (yet). Holds keep a reserve where it is."""

    def decide() -> bool:
        now = deps.clock.now()
        stored = load_transfer(booking_id)
        transfer = stored.document
        if transfer.reserved is None or transfer.reserve_until is None or now < transfer.reserve_until:
            return False
        txn = Transaction(caller, now)
        if transfer.holds or transfer.status is TransferStatus.PAYING:
            txn.due(RELEASE_RESERVE, booking_id, now + (_HELD_AGAIN if transfer.holds else WATCH))
            txn.commit()
            return False
        entry = reserve_release_entry(
            booking_id, transfer.provider_id, str(transfer.legs_claimed), transfer.reserved
        )
        post(txn, entry, now)
        txn.publish(about(ReserveReleased, transfer, amount=transfer.reserved))
        stored.document = transfer.model_copy(update={"reserved": None, "reserve_until": None})
        if transfer.status is TransferStatus.DUE:  # both are paid together, once nothing keeps the rest
            save_transfer(txn, stored, stored.document)
        else:
            make_due(txn, stored, now)
        txn.commit()
        return True

    return decided_anew(decide)
