"""Due `wallet.cash_out`: a proposal lapses, and a bank transfer that nobody makes wakes somebody."""

from datetime import datetime

from callsheet import wiring
from callsheet.kernel.principal import Principal
from callsheet.queue.consumer import Done, Duplicate, Message, Outcome, Permanent, consumer
from callsheet.wallet.check_cash_out import Checked, check_cash_out


@consumer
def handler(message: Message, caller: Principal) -> Outcome:
    """What waits for days ends in the dead letters, whose alarm wakes somebody; it is looked at again all the same."""
    due_at = datetime.fromisoformat(str(message.payload["due_at"]))
    match check_cash_out(str(message.payload["subject"]), due_at, caller, wiring.wallet()):
        case Checked.LAPSED:
            return Done()
        case Checked.MOOT:
            return Duplicate()
        case Checked.UNPAID:
            return Permanent("cash_out_unpaid")
