"""POST /v1/users/{user_id}/wallet/cash-outs/{cash_out_id}/return: it is credit again."""

from callsheet import wiring
from callsheet.http.endpoint import endpoint
from callsheet.kernel.errors import NotFound
from callsheet.kernel.principal import Principal
from callsheet.platform.stale import Stale
from callsheet.wallet.cash_outs import CashOut, CashOutReason
from callsheet.wallet.errors import CashOutDecided
from callsheet.wallet.settle_cash_out import return_cash_out


@endpoint(errors=(NotFound, CashOutDecided, Stale))
def handler(user_id: str, cash_out_id: str, body: CashOutReason, caller: Principal) -> CashOut:
    return return_cash_out(user_id, cash_out_id, body.reason, caller, wiring.wallet())
