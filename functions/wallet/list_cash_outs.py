"""GET /v1/users/{user_id}/wallet/cash-outs: what of a client's credit went to their bank, or is to, for support."""

from callsheet.http.endpoint import endpoint
from callsheet.wallet.cash_outs import CashOuts
from callsheet.wallet.list_cash_outs import list_cash_outs


@endpoint()
def handler(user_id: str) -> CashOuts:
    return list_cash_outs(user_id)
