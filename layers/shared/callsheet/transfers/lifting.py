"""What kept a provider's money back is taken off its transfer; who did it stays on the record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from callsheet.platform.transaction import Transaction
from callsheet.transfers.disputed import unmark_disputed
from callsheet.transfers.earning import due
from callsheet.transfers.model import Hold, Transfer, TransferStatus
from callsheet.transfers.rules import LOOK
from callsheet.transfers.store import TransferItem, save_transfer


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifting:
    """Who lets money go, when and why."""

    lifted_by: str
    lifted_at: datetime
    reason: str | None = None


def lift_hold(
    txn: Transaction, stored: TransferItem, hold: Hold, lifting: Lifting, *, earns: bool = False
) -> None:
    """Money that is due is looked at again at once; who lifted the hold stays on the record.

    `earns`: what is left to the provider is theirs from now on.
    """
    lift_holds(txn, stored, (hold,), lifting, earns=earns)


def lift_holds(
    txn: Transaction, stored: TransferItem, holds: Sequence[Hold], lifting: Lifting, *, earns: bool = False
) -> None:
    """The same for several at once, since a transaction saves a transfer once."""
    transfer = stored.document
    for hold in holds:
        transfer = _lifted(transfer, hold, lifting)
    if Hold.DISPUTE in holds:
        unmark_disputed(txn, transfer.provider_id, transfer.booking_id)
    if earns:
        transfer = due(transfer, txn, lifting.lifted_at)
    elif transfer.status is TransferStatus.DUE:
        transfer = transfer.model_copy(update={"next_look_at": lifting.lifted_at})
        txn.due(LOOK, transfer.booking_id, lifting.lifted_at)
    save_transfer(txn, stored, transfer)


def _lifted(transfer: Transfer, hold: Hold, lifting: Lifting) -> Transfer:
    how = {
        "lifted_by": lifting.lifted_by,
        "lifted_at": lifting.lifted_at,
        "lifted_for": lifting.reason,
    }
    lifted = tuple(record.model_copy(update=how) for record in transfer.holds if record.hold is hold)
    changed = {"holds": transfer.holds_without(hold), "lifted_holds": (*transfer.lifted_holds, *lifted)}
    return transfer.model_copy(update=changed)
