"""POST /v1/payout-account: set up the account one is paid into, and get the form to fill in for it.

There is one account a user: asked again, the same one answers with a fresh link. A link is good for one visit within
minutes.
"""

from callsheet import wiring
from callsheet.connect.commands import StartOnboarding
from callsheet.connect.errors import (
    CountryFixed,
    CountryUnsupported,
    PayoutAccountClosed,
    PayoutAccountRejected,
    ReturnUrlNotAllowed,
)
from callsheet.connect.start_onboarding import start_onboarding
from callsheet.connect.views import OnboardingView
from callsheet.gateways.errors import PaymentsUnavailable
from callsheet.http.endpoint import endpoint
from callsheet.kernel.principal import Principal
from callsheet.platform.stale import Stale

_DEPS = wiring.connect()  # Stripe's SDK loads while the function starts


@endpoint(
    errors=(
        ReturnUrlNotAllowed,
        CountryUnsupported,
        CountryFixed,
        PayoutAccountRejected,
        PayoutAccountClosed,
        PaymentsUnavailable,
        Stale,
    )
)
def handler(body: StartOnboarding, caller: Principal) -> OnboardingView:
    return start_onboarding(body, caller, _DEPS)
