"""GET /v1/users/{user_id}/wallet: what somebody can spend, and what has moved it, for support."""

from callsheet import wiring
from callsheet.http.endpoint import endpoint
from callsheet.kernel.errors import InvalidCursor, NotFound
from callsheet.wallet.get_wallet import get_wallet_of
from callsheet.wallet.model import WalletPage, WalletQuery


@endpoint(errors=(NotFound, InvalidCursor))
def handler(user_id: str, query: WalletQuery) -> WalletPage:
    return get_wallet_of(user_id, query, wiring.wallet())
