"""One provider's month: their statement is issued, or its next version where something has changed since."""

from callsheet import wiring
from callsheet.documents.issue_receipt import Issuing
from callsheet.documents.issue_statement import issue_statement
from callsheet.documents.model import StatementDue
from callsheet.kernel.principal import Principal
from callsheet.queue.consumer import Done, Duplicate, Message, Outcome, consumer


@consumer
def handler(message: Message, caller: Principal) -> Outcome:
    due = StatementDue.model_validate(message.payload)
    outcome = issue_statement(due.provider_id, due.month, caller, wiring.documents())
    return Done() if outcome is Issuing.ISSUED else Duplicate()
