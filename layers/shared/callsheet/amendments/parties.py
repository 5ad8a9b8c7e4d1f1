"""Who may answer what, by which side of the booking they are and who proposed it."""

from callsheet.bookings.amends import Amends
from callsheet.bookings.model import Booking
from callsheet.bookings.rules import Party
from callsheet.bookings.views import require_access
from callsheet.kernel.errors import Forbidden
from callsheet.kernel.principal import Principal


def require_party(booking: Booking, caller: Principal) -> Party:
    """The caller's side. NotFound for strangers, Forbidden for staff: what the two agree on is theirs alone."""
    party = require_access(booking, caller)
    if party is None:
        raise Forbidden("Only the two sides of a booking amend it")
    return party


def role_in(amends: Amends, party: Party) -> str:
    """In which role of the amendment's state table somebody acts."""
    return "proposer" if party is amends.proposed_by else "other side"
