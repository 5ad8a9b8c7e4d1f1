"""What a booking reads of its transfer in its own batch reads. Writers: `earning`, `holding`, `lifting`."""

from callsheet.platform.table import Table
from callsheet.transfers.store import TransferItem, add_debt, transfer_key

type StoredTransfer = TransferItem

__all__ = ["StoredTransfer", "add_debt", "transfer_from", "transfer_key"]


def transfer_from(item: Table | None) -> StoredTransfer | None:
    """The transfer among what was read, with the version it was read at."""
    return item if isinstance(item, TransferItem) else None
