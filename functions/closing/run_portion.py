"""A portion of a day's close, and due `closing.stalled`: a run that has not ended in time keeps payouts back."""

from datetime import date

from callsheet import wiring
from callsheet.closing.deps import BalancingDeps
from callsheet.closing.run_portion import Portion, give_up_waiting, run_portion
from callsheet.kernel.principal import Principal
from callsheet.queue.consumer import Done, Duplicate, Message, Outcome, consumer

_DEPS: BalancingDeps = wiring.balancing()  # Stripe's SDK loads while the function starts


@consumer
def handler(message: Message, caller: Principal) -> Outcome:
    asked = message.payload
    if "due_at" in asked:
        was_running = give_up_waiting(date.fromisoformat(str(asked["subject"])), caller, _DEPS)
        return Done() if was_running else Duplicate()
    day, attempt = date.fromisoformat(str(asked["day"])), int(str(asked["attempt"]))
    return Duplicate() if run_portion(day, attempt, caller, _DEPS) is Portion.LEFT else Done()
