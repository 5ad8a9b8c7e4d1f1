"""POST /v1/admin/closes/{day}/run: a day that is over is closed, or closed once more.

It runs on its own; `GET /v1/admin/closes/{day}` says how far it is. Payouts that wait for the day wait until it has
ended.
"""

from callsheet import wiring
from callsheet.closing.errors import CloseRunning, DayNotOver
from callsheet.closing.model import CloseView
from callsheet.closing.start_close import run_close
from callsheet.http.endpoint import endpoint
from callsheet.kernel.principal import Principal


@endpoint(status=202, errors=(DayNotOver, CloseRunning))
def handler(day: str, caller: Principal) -> CloseView:
    return run_close(day, caller, wiring.closing())
