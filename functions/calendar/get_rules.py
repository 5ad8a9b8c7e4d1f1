"""GET /v1/calendar/rules: when the caller works."""

from callsheet import wiring
from callsheet.calendar.errors import CalendarNotFound
from callsheet.calendar.get_rules import get_rules
from callsheet.calendar.model import RulesView
from callsheet.http.endpoint import endpoint
from callsheet.kernel.principal import Principal


@endpoint(errors=(CalendarNotFound,))
def handler(caller: Principal) -> RulesView:
    return get_rules(caller, wiring.calendar())
