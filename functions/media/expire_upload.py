"""The deadline of an upload: what was announced an hour ago and never came is given up."""

from callsheet import wiring
from callsheet.kernel.principal import Principal
from callsheet.media.expire_upload import expire_upload
from callsheet.queue.consumer import Done, Duplicate, Message, Outcome, consumer


@consumer
def handler(message: Message, caller: Principal) -> Outcome:
    was_open = expire_upload(str(message.payload["subject"]), caller, wiring.media())
    return Done() if was_open else Duplicate()
