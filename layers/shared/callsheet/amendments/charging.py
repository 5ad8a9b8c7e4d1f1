"""How an amendment is charged: authorised, and captured at once where both sides have agreed."""

from callsheet.bookings.amended import AMENDING
from callsheet.bookings.asking_captures import capturing
from callsheet.bookings.asking_intents import holding
from callsheet.bookings.authorizing import AUTHORIZING
from callsheet.bookings.charging_deps import Charging
from callsheet.bookings.settlement import Settlers
from callsheet.payments.model import Ask

CHARGING: Settlers[Charging] = {
    **holding({**AUTHORIZING, **AMENDING}),
    Ask.CAPTURE: capturing(AMENDING),
}
