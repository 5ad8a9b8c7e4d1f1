"""POST /v1/payouts/instant: have one's money at one's card or bank within half an hour.

It costs 1 %, taken from the next transfer. With an amount that much is paid out, else all that is available.
"""

from callsheet import wiring
from callsheet.connect.errors import PayoutsNotEnabled
from callsheet.gateways.errors import PaymentsUnavailable
from callsheet.http.endpoint import endpoint
from callsheet.kernel.principal import Principal
from callsheet.ledger.payout_gate import PayoutsPaused
from callsheet.platform.stale import Stale
from callsheet.transfers.bank_payouts import BankPayoutView, PayInstantly
from callsheet.transfers.pay_instantly import pay_instantly
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
        Stale,
    )
)
def handler(body: PayInstantly, caller: Principal) -> BankPayoutView:
    return pay_instantly(body, caller, _DEPS)
