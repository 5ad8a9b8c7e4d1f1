"""What keeps a provider's money back is put on its transfer."""

from callsheet.platform.transaction import Transaction
from callsheet.transfers.disputed import mark_disputed
from callsheet.transfers.model import Hold, HoldRecord
from callsheet.transfers.store import TransferItem, save_transfer


def hold_transfer(txn: Transaction, stored: TransferItem, hold: HoldRecord) -> None:
    """Nothing leaves from here on until the hold is lifted; what Stripe is being asked for already, does."""
    transfer = stored.document
    if hold.hold is Hold.DISPUTE:
        mark_disputed(txn, transfer.provider_id, transfer.booking_id)
    holds = (*transfer.holds_without(hold.hold), hold)
    save_transfer(txn, stored, transfer.model_copy(update={"holds": holds}))
