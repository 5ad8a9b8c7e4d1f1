"""Due `reserve.release`: what was kept of a provider's money becomes theirs."""

from callsheet import wiring
from callsheet.kernel.principal import Principal
from callsheet.queue.consumer import Done, Duplicate, Message, Outcome, consumer
from callsheet.transfers.release_reserve import release_reserve


@consumer
def handler(message: Message, caller: Principal) -> Outcome:
    return (
        Done()
        if release_reserve(str(message.payload["subject"]), caller, wiring.transfers())
        else Duplicate()
    )
