"""A kept event of Stripe's: its payment, account or payout is fetched, and what we know of it moved toward it."""

from callsheet import wiring
from callsheet.bookings.converge_payment import converge_payment
from callsheet.connect.converge_account import converge_account_at_stripe
from callsheet.kernel.principal import Principal
from callsheet.payments.apply_stripe_event import Converging, apply_stripe_event
from callsheet.payments.stripe_events import Concern
from callsheet.queue.consumer import Done, Message, Outcome, consumer
from callsheet.transfers.converge_payout import converge_payout

_DEPS = wiring.converging()  # Stripe's SDK loads while the function starts
_ACCOUNTS = wiring.connect()
_PAYOUTS = wiring.payouts()


@consumer
def handler(message: Message, caller: Principal) -> Outcome:
    concern = Concern.model_validate(message.payload)

    converge = Converging(
        booking=lambda booking_id: converge_payment(booking_id, caller, _DEPS),
        account=lambda account_id: converge_account_at_stripe(account_id, caller, _ACCOUNTS),
        payout=lambda account_id, payout_id: converge_payout(account_id, payout_id, caller, _PAYOUTS),
    )

    apply_stripe_event(message.event_id, concern, caller, _DEPS, converge)
    return Done()
