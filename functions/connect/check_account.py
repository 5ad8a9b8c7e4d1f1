"""Due `account.check`: a payout account that waits is looked at, so that a lost webhook heals."""

from datetime import datetime

from callsheet import wiring
from callsheet.connect.check_account import Checked, check_account
from callsheet.kernel.principal import Principal
from callsheet.queue.consumer import Done, Duplicate, Message, Outcome, consumer

_DEPS = wiring.connect()  # Stripe's SDK loads while the function starts


@consumer
def handler(message: Message, caller: Principal) -> Outcome:
    due_at = datetime.fromisoformat(str(message.payload["due_at"]))
    match check_account(str(message.payload["subject"]), due_at, caller, _DEPS):
        case Checked.LOOKED:
            return Done()
        case Checked.MOOT:
            return Duplicate()
