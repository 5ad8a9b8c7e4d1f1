"""A portion of a new index is written."""

from callsheet import wiring
from callsheet.kernel.principal import Principal
from callsheet.queue.consumer import Done, Duplicate, Message, Outcome, consumer
from callsheet.search.build_portion import build_portion
from callsheet.search.portions import Portion

_DEPS = wiring.indexing()  # Typesense's SDK loads while the function starts


@consumer
def handler(message: Message, caller: Principal) -> Outcome:
    had_to = build_portion(Portion.of(str(message.payload["subject"])), caller, _DEPS)
    return Done() if had_to else Duplicate()
