"""PUT /v1/admin/providers/{provider_id}/reserve: finance keeps a share of what a provider gets back for a while."""

from callsheet import wiring
from callsheet.http.endpoint import endpoint
from callsheet.kernel.errors import NotFound
from callsheet.kernel.principal import Principal
from callsheet.platform.stale import Stale
from callsheet.transfers.commands import SetReserve
from callsheet.transfers.model import Standing
from callsheet.transfers.set_reserve import set_reserve


@endpoint(errors=(NotFound, Stale))
def handler(provider_id: str, body: SetReserve, caller: Principal) -> Standing:
    return set_reserve(provider_id, body, caller, wiring.transfers())
