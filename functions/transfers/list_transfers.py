"""GET /v1/transfers: what the caller was and will be paid, booking by booking, newest first."""

from callsheet import wiring
from callsheet.http.endpoint import endpoint
from callsheet.kernel.errors import InvalidCursor
from callsheet.kernel.principal import Principal
from callsheet.transfers.commands import TransferQuery
from callsheet.transfers.list_transfers import list_transfers
from callsheet.transfers.views import TransferPage


@endpoint(errors=(InvalidCursor,))
def handler(query: TransferQuery, caller: Principal) -> TransferPage:
    return list_transfers(query, caller, wiring.transfers())
