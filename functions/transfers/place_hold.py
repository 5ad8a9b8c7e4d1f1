"""POST /v1/admin/bookings/{booking_id}/transfer/hold: finance keeps the money of a booking back."""

from callsheet import wiring
from callsheet.http.endpoint import endpoint
from callsheet.kernel.errors import NotFound
from callsheet.kernel.principal import Principal
from callsheet.platform.stale import Stale
from callsheet.transfers.commands import HoldTransfer
from callsheet.transfers.place_hold import place_hold
from callsheet.transfers.views import TransferView


@endpoint(errors=(NotFound, Stale))
def handler(booking_id: str, body: HoldTransfer, caller: Principal) -> TransferView:
    return place_hold(booking_id, body, caller, wiring.transfers())
