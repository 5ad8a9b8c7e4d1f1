"""Profiles that have changed are held against a portion of the saved searches that alert."""

from callsheet import wiring
from callsheet.kernel.principal import Principal
from callsheet.queue.consumer import Done, Duplicate, Message, Outcome, consumer
from callsheet.search.match_saved_searches import match_saved_searches
from callsheet.search.matching import Matching

_DEPS = wiring.matching()  # Typesense's SDK loads while the function starts


@consumer
def handler(message: Message, caller: Principal) -> Outcome:
    told = match_saved_searches(Matching.of(str(message.payload["subject"])), caller, _DEPS)
    return Done() if told else Duplicate()
