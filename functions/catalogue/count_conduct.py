"""What becomes of a profile's bookings is counted, for how reliable it is found."""

from callsheet import wiring
from callsheet.catalogue.count_conduct import HeardOf, count_conduct
from callsheet.kernel.principal import Principal
from callsheet.queue.consumer import Done, Duplicate, Message, Outcome, consumer


@consumer
def handler(message: Message, caller: Principal) -> Outcome:
    counts = count_conduct(HeardOf.model_validate(message.detail), caller, wiring.catalogue())
    return Done() if counts else Duplicate()
