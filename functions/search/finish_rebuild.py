"""A new index that is written is verified, and takes the place of the one before."""

from callsheet import wiring
from callsheet.kernel.principal import Principal
from callsheet.queue.consumer import Done, Duplicate, Message, Outcome, consumer
from callsheet.search.apply_synonyms import apply_synonyms
from callsheet.search.finish_rebuild import finish_rebuild

_DEPS = wiring.indexing()  # Typesense's SDK loads while the function starts
_SYNONYMS = wiring.synonyms()


@consumer
def handler(message: Message, caller: Principal) -> Outcome:
    apply_synonyms(_SYNONYMS)  # the new collection was made with those of the code
    had_to = finish_rebuild(str(message.payload["subject"]), caller, _DEPS)
    return Done() if had_to else Duplicate()
