"""Due `refund.check`: whether a refund has reached the client's card, so that a lost webhook heals."""

from callsheet import wiring
from callsheet.bookings.converge_payment import converge_payment
from callsheet.kernel.principal import Principal
from callsheet.queue.consumer import Done, Message, Outcome, consumer

_DEPS = wiring.converging()  # Stripe's SDK loads while the function starts


@consumer
def handler(message: Message, caller: Principal) -> Outcome:
    converge_payment(str(message.payload["subject"]), caller, _DEPS)
    return Done()
