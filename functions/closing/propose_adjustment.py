"""POST /v1/admin/closes/{day}/adjustments: how an open difference is to be booked.

What is open is posted between Stripe's cash and the account that is named. Up to 500.00 at once; more waits for a
second person, seven days at most.
"""

from callsheet import wiring
from callsheet.closing.errors import (
    AdjustmentPending,
    CloseNotFound,
    CloseRunning,
    DifferenceClosed,
    DifferenceNotFound,
)
from callsheet.closing.model import Adjustment, ProposeAdjustment
from callsheet.closing.propose_adjustment import propose_adjustment
from callsheet.gateways.errors import PaymentsUnavailable
from callsheet.http.endpoint import endpoint
from callsheet.kernel.principal import Principal
from callsheet.platform.stale import Stale

_DEPS = wiring.balancing()  # Stripe's SDK loads while the function starts


@endpoint(
    status=201,
    errors=(
        CloseNotFound,
        CloseRunning,
        DifferenceNotFound,
        DifferenceClosed,
        AdjustmentPending,
        PaymentsUnavailable,
        Stale,
    ),
)
def handler(day: str, body: ProposeAdjustment, caller: Principal) -> Adjustment:
    return propose_adjustment(day, body, caller, _DEPS)
