"""Once a day for whom something counts against: what is too old counts no longer."""

from callsheet import wiring
from callsheet.catalogue.recount_conduct import recount_conduct
from callsheet.kernel.principal import Principal
from callsheet.queue.consumer import Done, Duplicate, Message, Outcome, consumer


@consumer
def handler(message: Message, caller: Principal) -> Outcome:
    had_to = recount_conduct(str(message.payload["subject"]), caller, wiring.catalogue())
    return Done() if had_to else Duplicate()
