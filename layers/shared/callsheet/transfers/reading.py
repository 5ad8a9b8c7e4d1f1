"""The transfer of a booking, as it is read by whoever shows it or decides on it alone."""

from callsheet.kernel.errors import NotFound
from callsheet.platform.read import get_together
from callsheet.transfers.store import TransferItem, transfer_key


def load_transfer(booking_id: str) -> TransferItem:
    """One strongly consistent read; NotFound where no money of the booking was captured."""
    (item,) = get_together([transfer_key(booking_id)])
    if not isinstance(item, TransferItem):
        raise NotFound("No money of this booking is on its way to a provider")
    return item
