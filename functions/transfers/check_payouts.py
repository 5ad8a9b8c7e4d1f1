"""Due `payout.check`: a provider's payouts that have been quiet are looked at, and an order is finished."""

from datetime import datetime

from callsheet import wiring
from callsheet.kernel.principal import Principal
from callsheet.queue.consumer import Done, Duplicate, Message, Outcome, consumer
from callsheet.transfers.check_payouts import check_payouts

_DEPS = wiring.payouts()  # Stripe's SDK loads while the function starts


@consumer
def handler(message: Message, caller: Principal) -> Outcome:
    due_at = datetime.fromisoformat(str(message.payload["due_at"]))
    found = check_payouts(str(message.payload["subject"]), due_at, caller, _DEPS)
    return Done() if found else Duplicate()
