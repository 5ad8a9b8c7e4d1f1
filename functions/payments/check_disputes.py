"""Due `dispute.check`: open disputes are looked at daily, so that a lost webhook heals and none is left unanswered."""

from callsheet import wiring
from callsheet.bookings.check_disputes import Looked, check_disputes
from callsheet.kernel.principal import Principal
from callsheet.queue.consumer import Done, Message, Outcome, Permanent, consumer

_DEPS = wiring.converging()  # Stripe's SDK loads while the function starts


@consumer
def handler(message: Message, caller: Principal) -> Outcome:
    """A dispute that nobody answers ends in the dead letters a day before it is too late: their alarm wakes support."""
    seen = check_disputes(str(message.payload["subject"]), caller, _DEPS)
    return Permanent("dispute_unanswered") if seen is Looked.RUNS_OUT else Done()
