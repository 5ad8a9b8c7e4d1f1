"""A kept event of Stripe's: its payment is fetched, and booking, calendar and ledger moved toward it."""

from callsheet import wiring
from callsheet.bookings.converge_payment import converge_payment
from callsheet.kernel.principal import Principal
from callsheet.payments.apply_stripe_event import apply_stripe_event
from callsheet.payments.stripe_events import Concern
from callsheet.queue.consumer import Done, Message, Outcome, consumer

_DEPS = wiring.checkout()  # Stripe's SDK loads while the function starts


@consumer
def handler(message: Message, caller: Principal) -> Outcome:
    concern = Concern.model_validate(message.payload)

    def converge(booking_id: str) -> None:
        converge_payment(booking_id, caller, _DEPS)

    apply_stripe_event(message.event_id, concern, caller, _DEPS, converge)
    return Done()
