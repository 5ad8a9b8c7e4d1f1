"""GET /v1/providers/{provider_id}/availability: when a provider can be booked.

`from` and `to` are days in the asker's zone, both included, at most 31. Free spans begin and end on quarters of
an hour.
"""

from callsheet import wiring
from callsheet.calendar.errors import CalendarNotFound
from callsheet.calendar.get_availability import get_availability
from callsheet.calendar.model import AvailabilityDays, AvailabilityQuery, AvailabilityView
from callsheet.http.endpoint import endpoint
from callsheet.kernel.principal import Principal


@endpoint(errors=(CalendarNotFound,))
def handler(provider_id: str, query: AvailabilityDays, caller: Principal) -> AvailabilityView:
    asked = AvailabilityQuery(provider_id=provider_id, within=query)
    return get_availability(asked, caller, wiring.calendar())
