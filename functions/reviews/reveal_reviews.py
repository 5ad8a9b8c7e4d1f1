"""Two weeks after the first review of a booking: what is there is revealed."""

from callsheet import wiring
from callsheet.kernel.principal import Principal
from callsheet.queue.consumer import Done, Duplicate, Message, NotYet, Outcome, consumer
from callsheet.reviews.reveal_reviews import Revealed, reveal_reviews


@consumer
def handler(message: Message, caller: Principal) -> Outcome:
    match reveal_reviews(str(message.payload["subject"]), caller, wiring.reviews()):
        case Revealed.DONE:
            return Done()
        case Revealed.MOOT:
            return Duplicate()
        case Revealed.EARLY:
            return NotYet("the reviews are sealed for longer")
