"""The shape of a consumer that does the work of a whole batch in one go.

    @batch_consumer
    def handler(messages: Sequence[Message], caller: Principal) -> Outcome:
        ...

Its answer is every message's. Where the batch fails for a reason that may lie in one of them, each is tried alone, so
that its neighbours are not to blame.
"""

import time
from collections.abc import Callable, Sequence

from aws_lambda_powertools import Logger
from pydantic import ValidationError

from callsheet.kernel.principal import Principal, system
from callsheet.queue.consumer import (
    UNFORESEEN,
    Done,
    Duplicate,
    Handler,
    Message,
    NotYet,
    Outcome,
    Permanent,
    outcome_of,
    tell,
)

_logger = Logger()

type ConsumeTogether = Callable[[Sequence[Message], Principal], Outcome]
type Records = list[dict[str, str]]


def batch_consumer(consume: ConsumeTogether) -> Handler:
    """A Lambda handler that answers SQS with the messages that were not consumed."""
    name = consume.__module__.removeprefix("functions.")

    def handler(event: dict[str, Records], _context: object) -> dict[str, list[dict[str, str]]]:
        started = time.perf_counter()
        outcomes = _outcomes(event["Records"], consume, name)
        milliseconds = 1000 * (time.perf_counter() - started)
        for record in event["Records"]:
            _logger.clear_state()
            _logger.append_keys(consumer=name, message_id=record["messageId"])
            tell(name, outcomes[record["messageId"]], milliseconds)
        return {
            "batchItemFailures": [
                {"itemIdentifier": message_id}
                for message_id, outcome in outcomes.items()
                if not isinstance(outcome, Done | Duplicate)
            ]
        }

    return handler


def _outcomes(records: Records, consume: ConsumeTogether, name: str) -> dict[str, Outcome]:
    """By message id."""
    messages: dict[str, Message] = {}
    outcomes: dict[str, Outcome] = {}
    for record in records:
        try:
            messages[record["messageId"]] = Message.model_validate_json(record["body"])
        except ValidationError as error:
            found = f"not a message this consumer knows: {error.error_count()} findings"
            outcomes[record["messageId"]] = Permanent(found)
    together = _consumed(list(messages.values()), consume, name)
    if len(messages) > 1 and _may_be_of_one(together):
        alone = {message_id: _consumed([message], consume, name) for message_id, message in messages.items()}
        return outcomes | alone
    return outcomes | dict.fromkeys(messages, together)


def _consumed(messages: Sequence[Message], consume: ConsumeTogether, name: str) -> Outcome:
    if not messages:
        return Done()
    first = messages[0]
    correlation_id = str(first.detail.get("correlation_id", first.bus_id))
    _logger.append_keys(consumer=name, correlation_id=correlation_id)
    return outcome_of(lambda: consume(messages, system(name, correlation_id, first.event_id)))


def _may_be_of_one(outcome: Outcome) -> bool:
    return outcome == NotYet(UNFORESEEN) or isinstance(outcome, Permanent)
