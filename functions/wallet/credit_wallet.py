"""POST /v1/users/{user_id}/wallet/credits: support gives a client credit, 500.00 within thirty days at most."""

from callsheet import wiring
from callsheet.http.endpoint import endpoint
from callsheet.kernel.errors import NotFound
from callsheet.kernel.principal import Principal
from callsheet.platform.stale import Stale
from callsheet.wallet.credit_wallet import credit_wallet
from callsheet.wallet.errors import CreditCurrencyUnsupported, CreditTooLarge
from callsheet.wallet.model import CreditRequest, CreditWallet, LineView


@endpoint(status=201, errors=(NotFound, CreditTooLarge, CreditCurrencyUnsupported, Stale))
def handler(user_id: str, body: CreditRequest, caller: Principal) -> LineView:
    return credit_wallet(CreditWallet.of(user_id, body), caller, wiring.wallet())
