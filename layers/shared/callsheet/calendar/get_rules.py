"""When the caller works, as they have said themself."""

from callsheet.calendar.deps import CalendarDeps
from callsheet.calendar.errors import CalendarNotFound
from callsheet.calendar.model import RulesView
from callsheet.calendar.store import stored_rules
from callsheet.calendar.views import view_of
from callsheet.kernel.principal import Principal


def get_rules(caller: Principal, _deps: CalendarDeps) -> RulesView:
    item = stored_rules(caller.user_id)
    if item is None:
        raise CalendarNotFound("You have no calendar yet; a first profile comes with one")
    return view_of(item)
