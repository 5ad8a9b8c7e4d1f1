"""PUT /v1/calendar/rules: the caller says when they work.

Opening windows are wall-clock times of the zone, in quarters of an hour. What is booked already stays booked.
"""

from callsheet import wiring
from callsheet.calendar.model import RulesView, SetRules
from callsheet.calendar.set_rules import set_rules
from callsheet.http.endpoint import endpoint
from callsheet.kernel.errors import Conflict
from callsheet.kernel.principal import Principal


@endpoint(errors=(Conflict,))
def handler(body: SetRules, caller: Principal) -> RulesView:
    return set_rules(body, caller, wiring.calendar())
