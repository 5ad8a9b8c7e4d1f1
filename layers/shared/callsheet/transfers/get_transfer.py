"""What a provider gets for one booking, and when."""

from callsheet.kernel.errors import NotFound
from callsheet.kernel.principal import Principal, Role
from callsheet.transfers.model import TransferView
from callsheet.transfers.reading import load_transfer
from callsheet.transfers.views import view_of

_STAFF = (Role.ADMIN, Role.SUPPORT, Role.FINANCE)


def get_transfer(booking_id: str, caller: Principal) -> TransferView:
    """One read. NotFound for anybody but the provider and staff: what a provider gets is no business of a client's."""
    transfer = load_transfer(booking_id).document
    if transfer.provider_id != caller.id and not caller.has_any(*_STAFF):
        raise NotFound("No money of this booking is on its way to a provider")
    return view_of(transfer)
