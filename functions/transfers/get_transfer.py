"""GET /v1/bookings/{booking_id}/transfer: what its provider gets for a booking, and when."""

from callsheet.http.endpoint import endpoint
from callsheet.kernel.errors import NotFound
from callsheet.kernel.principal import Principal
from callsheet.transfers.get_transfer import get_transfer
from callsheet.transfers.views import TransferView


@endpoint(errors=(NotFound,))
def handler(booking_id: str, caller: Principal) -> TransferView:
    return get_transfer(booking_id, caller)
