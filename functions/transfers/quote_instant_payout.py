"""GET /v1/payouts/instant: what an instant payout of all that is available would be, and cost.

Where one would be refused, so is the quote.
"""

from callsheet import wiring
from callsheet.connect.errors import PayoutsNotEnabled
from callsheet.gateways.errors import PaymentsUnavailable
from callsheet.http.endpoint import endpoint
from callsheet.kernel.principal import Principal
from callsheet.ledger.payout_gate import PayoutsPaused
from callsheet.transfers.bank_payouts import InstantQuote
from callsheet.transfers.pay_instantly import quote_instant_payout
from callsheet.transfers.payout_errors import (
    InstantFundsInsufficient,
    InstantPayoutDisputed,
    InstantPayoutOwing,
    InstantPayoutRefused,
    InstantPayoutUnderWay,
)

_DEPS = wiring.payouts()  # Stripe's SDK loads while the function starts


@endpoint(
    errors=(
        PayoutsNotEnabled,
        PayoutsPaused,
        InstantPayoutDisputed,
        InstantPayoutOwing,
        InstantPayoutUnderWay,
        InstantFundsInsufficient,
        InstantPayoutRefused,
        PaymentsUnavailable,
    )
)
def handler(caller: Principal) -> InstantQuote:
    return quote_instant_payout(caller, _DEPS)
