"""GET /v1/payouts: what went from the caller's account at the payment provider to their bank, newest first."""

from callsheet import wiring
from callsheet.http.endpoint import endpoint
from callsheet.kernel.errors import InvalidCursor
from callsheet.kernel.principal import Principal
from callsheet.transfers.bank_payouts import PayoutPage, PayoutQuery
from callsheet.transfers.list_payouts import list_payouts


@endpoint(errors=(InvalidCursor,))
def handler(query: PayoutQuery, caller: Principal) -> PayoutPage:
    return list_payouts(query, caller, wiring.transfers())
