"""Events of bookings, payments, payout accounts and reviews: whoever needs to know is told in the app."""

from callsheet import wiring
from callsheet.kernel.principal import Principal
from callsheet.notifications.model import Heard
from callsheet.notifications.notify_parties import notify_parties
from callsheet.queue.consumer import Done, Message, Outcome, consumer


@consumer
def handler(message: Message, caller: Principal) -> Outcome:
    """What is no event of the rule table can never be told: it goes to the dead letters."""
    notify_parties(Heard.model_validate(message.detail), caller, wiring.notifications())
    return Done()
