"""What the provider of each of several bookings gets, as far as the caller may see it."""

from collections.abc import Mapping, Sequence
from itertools import batched

from callsheet.kernel.principal import Principal
from callsheet.platform.read import MAX_KEYS, get_together
from callsheet.transfers.store import TransferItem, transfer_key
from callsheet.transfers.views import TransferView, may_see, view_of


def get_transfers(booking_ids: Sequence[str], caller: Principal) -> Mapping[str, TransferView]:
    """By booking, those that there are and that are the caller's to see; one batch read for each hundred of them."""
    found = (
        item.document
        for some in batched(dict.fromkeys(booking_ids), MAX_KEYS, strict=False)
        for item in get_together([transfer_key(booking_id) for booking_id in some])
        if isinstance(item, TransferItem)
    )
    return {transfer.booking_id: view_of(transfer) for transfer in found if may_see(transfer, caller)}
