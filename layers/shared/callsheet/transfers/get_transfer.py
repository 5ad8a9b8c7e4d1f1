"""What a provider gets for one booking, and when."""

from callsheet.kernel.errors import NotFound
from callsheet.kernel.principal import Principal
from callsheet.transfers.reading import load_transfer
from callsheet.transfers.views import TransferView, may_see, view_of


def get_transfer(booking_id: str, caller: Principal) -> TransferView:
    """One read. NotFound for anybody but the provider and staff."""
    transfer = load_transfer(booking_id).document
    if not may_see(transfer, caller):
        raise NotFound("No money of this booking is on its way to a provider")
    return view_of(transfer)
