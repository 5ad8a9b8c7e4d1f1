"""GET /v1/payout-account: whether the caller can be paid, and what is missing where they cannot.

What is older than a minute, or than a day where the account is active, is asked of the payment provider anew.
"""

from callsheet import wiring
from callsheet.connect.errors import PayoutAccountNotFound
from callsheet.connect.get_payout_account import get_payout_account
from callsheet.connect.views import PayoutAccountView
from callsheet.http.endpoint import endpoint
from callsheet.kernel.principal import Principal
from callsheet.platform.stale import Stale

_DEPS = wiring.connect()  # Stripe's SDK loads while the function starts


@endpoint(errors=(PayoutAccountNotFound, Stale))
def handler(caller: Principal) -> PayoutAccountView:
    return get_payout_account(caller, _DEPS)
