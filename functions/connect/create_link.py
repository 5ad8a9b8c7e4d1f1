"""POST /v1/payout-account/links: a link to the form (`onboarding`, `update`) or to the payment provider's `dashboard`.

It is for the caller alone, and good for one visit within minutes.
"""

from callsheet import wiring
from callsheet.connect.commands import CreateLink
from callsheet.connect.create_link import create_link
from callsheet.connect.errors import (
    DashboardNotReady,
    PayoutAccountClosed,
    PayoutAccountNotFound,
    PayoutAccountRejected,
    ReturnUrlNotAllowed,
)
from callsheet.connect.views import LinkView
from callsheet.gateways.errors import PaymentsUnavailable
from callsheet.http.endpoint import endpoint
from callsheet.kernel.principal import Principal
from callsheet.platform.stale import Stale

_DEPS = wiring.connect()  # Stripe's SDK loads while the function starts


@endpoint(
    status=201,
    errors=(
        PayoutAccountNotFound,
        ReturnUrlNotAllowed,
        DashboardNotReady,
        PayoutAccountRejected,
        PayoutAccountClosed,
        PaymentsUnavailable,
        Stale,
    ),
)
def handler(body: CreateLink, caller: Principal) -> LinkView:
    return create_link(body, caller, _DEPS)
