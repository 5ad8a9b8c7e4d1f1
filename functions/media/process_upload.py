"""New objects in the bucket `uploads`: pictures are made of them, or they are refused."""

from aws_lambda_powertools import Logger

from callsheet import wiring
from callsheet.kernel.principal import Principal
from callsheet.media.process_upload import Processed, process_upload
from callsheet.queue.consumer import Done, Duplicate, Outcome
from callsheet.queue.objects import NewObject, object_consumer

_logger = Logger()


@object_consumer
def handler(new: NewObject, caller: Principal) -> Outcome:
    match process_upload(new.key, caller, wiring.media()):
        case Processed.READY | Processed.REJECTED:
            return Done()
        case Processed.LATE:
            return Duplicate()
        case Processed.UNKNOWN:
            _logger.warning("upload of nobody deleted", size_bytes=new.size_bytes)
            return Done()
