"""Events of payments: what Stripe Tax has said is owed from the capture on, and no longer once it went back."""

from callsheet import wiring
from callsheet.bookings.taxes import taxes_of
from callsheet.kernel.principal import Principal
from callsheet.payments.settle_taxes import MoneyMoved, settle_taxes
from callsheet.queue.consumer import Done, Message, Outcome, consumer

_DEPS = wiring.taxes()


@consumer
def handler(message: Message, caller: Principal) -> Outcome:
    settle_taxes(MoneyMoved.model_validate(message.detail), caller, _DEPS, taxes_of)
    return Done()
