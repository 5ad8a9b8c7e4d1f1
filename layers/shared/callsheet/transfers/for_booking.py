"""What a booking reads and writes of its transfer, in its own batch reads and transactions."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from callsheet.kernel.ids import new_id
from callsheet.kernel.money import Currency
from callsheet.platform.stale import Stale
from callsheet.platform.table import Table
from callsheet.platform.transaction import Transaction
from callsheet.transfers.model import Hold, HoldRecord, Transfer, TransferStatus
from callsheet.transfers.payout_store import mark_disputed, unmark_disputed
from callsheet.transfers.rules import TRANSFER, TransferAction
from callsheet.transfers.store import TransferItem, add_debt, save_transfer, transfer_item, transfer_key

type StoredTransfer = TransferItem

__all__ = [
    "Earning",
    "Lifting",
    "StoredTransfer",
    "add_debt",
    "add_transfer",
    "hold_transfer",
    "lift_hold",
    "lift_holds",
    "make_due",
    "save_transfer",
    "transfer_from",
    "transfer_key",
]

_SYSTEM = "system"
LOOK = "transfer.release"


def transfer_from(item: Table | None) -> StoredTransfer | None:
    """The transfer among what was read, with the version it was read at."""
    return item if isinstance(item, TransferItem) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifting:
    """Who lets money go, when and why."""

    lifted_by: str
    lifted_at: datetime
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Earning:
    """What was captured for whom; `charge_id` is Stripe's, whose money is passed on."""

    booking_id: str
    provider_id: str
    currency: Currency
    charge_id: str | None


def add_transfer(
    txn: Transaction, earning: Earning, now: datetime, *, is_due: bool = False
) -> StoredTransfer:
    """From the capture on there is money that may become the provider's; Stale where there is a transfer."""
    transfer = Transfer(id=new_id("trf"), created_at=now, **asdict(earning))
    item = transfer_item(_due(transfer, txn, now) if is_due else transfer)
    txn.create(item, Stale())
    return item


def make_due(txn: Transaction, stored: StoredTransfer, now: datetime) -> None:
    """The provider has earned what the ledger owes them for the booking: it is paid as soon as nothing keeps it."""
    save_transfer(txn, stored, _due(stored.document, txn, now))


def _due(transfer: Transfer, txn: Transaction, now: datetime) -> Transfer:
    TRANSFER.step(transfer.status, TransferAction.MAKE_DUE, _SYSTEM)
    txn.due(LOOK, transfer.booking_id, now)
    due = {"status": TransferStatus.DUE, "due_at": transfer.due_at or now, "next_look_at": now, "delay": None}
    return transfer.model_copy(update=due)


def hold_transfer(txn: Transaction, stored: StoredTransfer, hold: HoldRecord) -> None:
    """Nothing leaves from here on until the hold is lifted; what Stripe is being asked for already, does."""
    transfer = stored.document
    if hold.hold is Hold.DISPUTE:
        mark_disputed(txn, transfer.provider_id, transfer.booking_id)
    save_transfer(txn, stored, transfer.model_copy(update={"holds": (*_without(transfer, hold.hold), hold)}))


def lift_hold(
    txn: Transaction, stored: StoredTransfer, hold: Hold, lifting: Lifting, *, earns: bool = False
) -> None:
    """Money that is due is looked at again at once; who lifted the hold stays on the record.

    `earns`: what is left to the provider is theirs from now on.
    """
    lift_holds(txn, stored, (hold,), lifting, earns=earns)


def lift_holds(
    txn: Transaction, stored: StoredTransfer, holds: Sequence[Hold], lifting: Lifting, *, earns: bool = False
) -> None:
    """The same for several at once, since a transaction saves a transfer once."""
    transfer = stored.document
    for hold in holds:
        transfer = _lifted(transfer, hold, lifting)
    if Hold.DISPUTE in holds:
        unmark_disputed(txn, transfer.provider_id, transfer.booking_id)
    if earns:
        transfer = _due(transfer, txn, lifting.lifted_at)
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
    changed = {"holds": _without(transfer, hold), "lifted_holds": (*transfer.lifted_holds, *lifted)}
    return transfer.model_copy(update=changed)


def _without(transfer: Transfer, hold: Hold) -> tuple[HoldRecord, ...]:
    return tuple(record for record in transfer.holds if record.hold is not hold)
