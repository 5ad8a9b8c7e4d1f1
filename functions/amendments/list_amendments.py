"""GET /v1/bookings/{booking_id}/amendments: what came, or is to come, on top of a booking."""

from callsheet.amendments.list_amendments import list_amendments
from callsheet.amendments.model import Amendments
from callsheet.http.endpoint import endpoint
from callsheet.kernel.errors import NotFound
from callsheet.kernel.principal import Principal


@endpoint(errors=(NotFound,))
def handler(booking_id: str, caller: Principal) -> Amendments:
    return list_amendments(booking_id, caller)
