"""A setting of the search has changed: the engine is told the synonyms of now. Rankings are read by who ranks."""

from callsheet import wiring
from callsheet.kernel.principal import Principal
from callsheet.queue.consumer import Done, Duplicate, Message, Outcome, consumer
from callsheet.search.apply_synonyms import apply_synonyms

_DEPS = wiring.synonyms()  # Typesense's SDK loads while the function starts


@consumer
def handler(message: Message, _caller: Principal) -> Outcome:
    if message.payload["kind"] != "synonyms":
        return Duplicate()
    apply_synonyms(_DEPS)
    return Done()
