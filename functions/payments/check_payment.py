"""Due `payment.check`: a payment that has been quiet is looked at, so that a lost webhook heals."""

from datetime import datetime

from callsheet import wiring
from callsheet.bookings.check_payment import Watched, check_payment
from callsheet.kernel.principal import Principal
from callsheet.queue.consumer import Done, Message, Outcome, Permanent, consumer

_DEPS = wiring.converging()  # Stripe's SDK loads while the function starts


@consumer
def handler(message: Message, caller: Principal) -> Outcome:
    """A payment that is stuck ends in the dead letters, whose alarm wakes somebody; it is looked at all the same."""
    due_at = datetime.fromisoformat(str(message.payload["due_at"]))
    seen = check_payment(str(message.payload["subject"]), due_at, caller, _DEPS)
    return Permanent("payment_stuck") if seen is Watched.STUCK else Done()
