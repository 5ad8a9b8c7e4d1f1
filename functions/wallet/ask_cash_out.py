"""POST /v1/users/{user_id}/wallet/cash-outs: credit of a refund that failed is to go to the client's bank."""

from callsheet import wiring
from callsheet.http.endpoint import endpoint
from callsheet.kernel.errors import NotFound
from callsheet.kernel.principal import Principal
from callsheet.platform.stale import Stale
from callsheet.wallet.ask_cash_out import ask_cash_out
from callsheet.wallet.cash_outs import AskCashOut, CashOut, CashOutRequest
from callsheet.wallet.errors import CashOutTooLarge


@endpoint(status=201, errors=(NotFound, CashOutTooLarge, Stale))
def handler(user_id: str, body: CashOutRequest, caller: Principal) -> CashOut:
    return ask_cash_out(AskCashOut.of(user_id, body), caller, wiring.wallet())
