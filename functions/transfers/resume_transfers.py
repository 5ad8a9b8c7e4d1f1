"""What a provider's money has waited for is over: it is looked at."""

from callsheet import wiring
from callsheet.kernel.principal import Principal
from callsheet.queue.consumer import Done, Duplicate, Message, Outcome, consumer
from callsheet.transfers.resume_transfers import Enabled, Paid, Resumes, resume_transfers


@consumer
def handler(message: Message, caller: Principal) -> Outcome:
    what = Resumes(message.name)
    heard = (Enabled if what is Resumes.ACCOUNT_ENABLED else Paid).model_validate(message.payload)
    return Done() if resume_transfers(what, heard.user_id, caller, wiring.transfers()) else Duplicate()
