"""Money that may become a provider's, from the capture on, and is theirs once they have earned it."""

from datetime import datetime

from callsheet.platform.stale import Stale
from callsheet.platform.transaction import Transaction
from callsheet.transfers.model import Transfer, TransferStatus
from callsheet.transfers.rules import LOOK, TRANSFER, TransferAction
from callsheet.transfers.store import TransferItem, save_transfer, transfer_item

_SYSTEM = "system"


def add_transfer(
    txn: Transaction, transfer: Transfer, now: datetime, *, is_due: bool = False
) -> TransferItem:
    """From the capture on there is money that may become the provider's; Stale where there is a transfer."""
    item = transfer_item(due(transfer, txn, now) if is_due else transfer)
    txn.create(item, Stale())
    return item


def make_due(txn: Transaction, stored: TransferItem, now: datetime) -> None:
    """The provider has earned what the ledger owes them for the booking: it is paid as soon as nothing keeps it."""
    save_transfer(txn, stored, due(stored.document, txn, now))


def due(transfer: Transfer, txn: Transaction, now: datetime) -> Transfer:
    """The transfer as it is once it is due; saving it is the caller's."""
    TRANSFER.step(transfer.status, TransferAction.MAKE_DUE, _SYSTEM)
    txn.due(LOOK, transfer.booking_id, now)
    is_due = {
        "status": TransferStatus.DUE,
        "due_at": transfer.due_at or now,
        "next_look_at": now,
        "delay": None,
    }
    return transfer.model_copy(update=is_due)
