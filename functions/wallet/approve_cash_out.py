"""POST /v1/users/{user_id}/wallet/cash-outs/{cash_out_id}/approve: a second person has the credit set aside."""

from callsheet import wiring
from callsheet.http.endpoint import endpoint
from callsheet.kernel.errors import NotFound
from callsheet.kernel.principal import Principal
from callsheet.platform.stale import Stale
from callsheet.wallet.cash_outs import CashOut, CashOutReason
from callsheet.wallet.decide_cash_out import approve_cash_out
from callsheet.wallet.errors import (
    CashOutDecided,
    CashOutLapsed,
    CashOutNeedsAnother,
    CashOutTooLarge,
)


@endpoint(
    errors=(
        NotFound,
        CashOutNeedsAnother,
        CashOutDecided,
        CashOutLapsed,
        CashOutTooLarge,
        Stale,
    )
)
def handler(user_id: str, cash_out_id: str, body: CashOutReason, caller: Principal) -> CashOut:
    return approve_cash_out(user_id, cash_out_id, body.reason, caller, wiring.wallet())
