"""POST /v1/admin/closes/{day}/adjustments/{adjustment_id}/approve: a second person has it posted."""

from callsheet import wiring
from callsheet.closing.decide_adjustment import approve_adjustment
from callsheet.closing.errors import (
    AdjustmentNotFound,
    CloseRunning,
    DifferenceChanged,
    DifferenceClosed,
    SecondPersonNeeded,
)
from callsheet.closing.model import Adjustment
from callsheet.gateways.errors import PaymentsUnavailable
from callsheet.http.endpoint import endpoint
from callsheet.kernel.errors import IllegalTransition
from callsheet.kernel.principal import Principal
from callsheet.platform.stale import Stale

_DEPS = wiring.balancing()  # Stripe's SDK loads while the function starts


@endpoint(
    errors=(
        AdjustmentNotFound,
        SecondPersonNeeded,
        IllegalTransition,
        CloseRunning,
        DifferenceClosed,
        DifferenceChanged,
        PaymentsUnavailable,
        Stale,
    )
)
def handler(day: str, adjustment_id: str, caller: Principal) -> Adjustment:
    return approve_adjustment(day, adjustment_id, caller, _DEPS)
