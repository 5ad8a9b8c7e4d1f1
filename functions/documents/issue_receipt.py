"""Something has happened to what a client paid: a receipt is issued, or its next version."""

from callsheet import wiring
from callsheet.documents.issue_receipt import Issuing, issue_receipt
from callsheet.documents.model import Heard
from callsheet.kernel.principal import Principal
from callsheet.queue.consumer import Done, Duplicate, Message, Outcome, consumer


@consumer
def handler(message: Message, caller: Principal) -> Outcome:
    outcome = issue_receipt(Heard.model_validate(message.detail), caller, wiring.documents())
    return Done() if outcome is Issuing.ISSUED else Duplicate()
