"""POST /v1/admin/closes/{day}/adjustments/{adjustment_id}/reject: the difference waits for another proposal.

Who has proposed it takes it back so.
"""

from callsheet import wiring
from callsheet.closing.decide_adjustment import reject_adjustment
from callsheet.closing.errors import AdjustmentNotFound
from callsheet.closing.model import Adjustment
from callsheet.http.endpoint import endpoint
from callsheet.kernel.errors import IllegalTransition
from callsheet.kernel.principal import Principal
from callsheet.platform.stale import Stale


@endpoint(errors=(AdjustmentNotFound, IllegalTransition, Stale))
def handler(day: str, adjustment_id: str, caller: Principal) -> Adjustment:
    return reject_adjustment(day, adjustment_id, caller, wiring.closing())
