"""A provider can be paid from now on: their money that has waited for it is looked at."""

from callsheet import wiring
from callsheet.kernel.principal import Principal
from callsheet.queue.consumer import Done, Duplicate, Message, Outcome, consumer
from callsheet.transfers.resume_transfers import Enabled, resume_transfers


@consumer
def handler(message: Message, caller: Principal) -> Outcome:
    enabled = Enabled.model_validate(message.payload)
    return Done() if resume_transfers(enabled.user_id, caller, wiring.transfers()) else Duplicate()
