"""Due `closing.proposal`: an adjustment that no second person has approved in seven days is given up."""

from datetime import date

from callsheet import wiring
from callsheet.closing.decide_adjustment import expire_proposal
from callsheet.kernel.principal import Principal
from callsheet.queue.consumer import Done, Duplicate, Message, Outcome, consumer


@consumer
def handler(message: Message, caller: Principal) -> Outcome:
    day, _, adjustment_id = str(message.payload["subject"]).partition("/")
    was_open = expire_proposal(date.fromisoformat(day), adjustment_id, caller, wiring.closing())
    return Done() if was_open else Duplicate()
