"""GET /v1/me/wallet: what the caller can spend, a balance a currency, and what has moved it, the newest first."""

from callsheet import wiring
from callsheet.http.endpoint import endpoint
from callsheet.kernel.errors import InvalidCursor
from callsheet.kernel.principal import Principal
from callsheet.wallet.get_wallet import get_wallet
from callsheet.wallet.model import WalletPage, WalletQuery


@endpoint(errors=(InvalidCursor,))
def handler(query: WalletQuery, caller: Principal) -> WalletPage:
    return get_wallet(query, caller, wiring.wallet())
