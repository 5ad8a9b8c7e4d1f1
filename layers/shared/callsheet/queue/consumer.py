"""The shape of every consumer: a decorator that makes a Lambda handler of a function over one message.

    @consumer
    def handler(message: Message, caller: Principal) -> Outcome:
        ...

Messages come from the bus through SQS. Each is answered on its own: what is done leaves the queue; the rest is
reported back one by one (partial batch response), so that one bad message holds up nobody, not even one on which the
code breaks.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from aws_lambda_powertools import Logger
from pydantic import BaseModel, Field, JsonValue, ValidationError

from callsheet.kernel.errors import CallsheetError, Kind
from callsheet.kernel.models import STORED
from callsheet.kernel.principal import Principal, system
from callsheet.platform.metrics import record_outcome
from callsheet.platform.outage import outage_in
from callsheet.platform.transaction import AlreadyConsumed

_logger = Logger()


class Message(BaseModel):
    """A message as EventBridge delivers it: `detail` is a domain event's envelope, or a deadline."""

    model_config = STORED

    bus_id: str = Field(alias="id")
    name: str = Field(alias="detail-type")
    detail: dict[str, JsonValue]

    @property
    def event_id(self) -> str:
        """The domain event's id, which retries and replays keep; of a deadline, the bus's own."""
        return str(self.detail.get("event_id", self.bus_id))

    @property
    def payload(self) -> Mapping[str, JsonValue]:
        """What the event says; of a deadline, the deadline itself."""
        inner = self.detail.get("payload")
        return inner if isinstance(inner, dict) else self.detail


@dataclass(frozen=True, slots=True)
class Done:
    """The message has had its effect."""

    word: ClassVar[str] = "done"


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Its effect was there before."""

    word: ClassVar[str] = "duplicate"


@dataclass(frozen=True, slots=True)
class NotYet:
    """Something is not ready: the queue brings the message again, and after the last try to the dead letters."""

    reason: str
    word: ClassVar[str] = "not_yet"


@dataclass(frozen=True, slots=True)
class Permanent:
    """It can never be done: it goes back to the queue, whose last try leads to the dead letters and their alarm."""

    reason: str
    word: ClassVar[str] = "permanent"


type Outcome = Done | Duplicate | NotYet | Permanent
type Consume = Callable[[Message, Principal], Outcome]
type Work = Callable[[dict[str, str]], Outcome]
type Handler = Callable[[dict[str, list[dict[str, str]]], object], dict[str, list[dict[str, str]]]]

UNFORESEEN = "unforeseen"
# What may be well by itself after a while; anything else a consumer is told stays as it is.
_PASSING = frozenset({Kind.UNAVAILABLE, Kind.LIMITED, Kind.CONFLICT})


def consumer(consume: Consume) -> Handler:
    """A Lambda handler that answers SQS with the messages that were not consumed."""
    name = consume.__module__.removeprefix("functions.")

    def work(record: dict[str, str]) -> Outcome:
        message = Message.model_validate_json(record["body"])
        # The consumer acts as itself, in the chain of what caused it.
        correlation_id = str(message.detail.get("correlation_id", message.bus_id))
        _logger.append_keys(correlation_id=correlation_id, event_id=message.event_id)
        return consume(message, system(name, correlation_id, message.event_id))

    return batch_handler(name, work)


def batch_handler(name: str, work: Work) -> Handler:
    """A Lambda handler that does `work` for each record of a batch from SQS, and reports those that are not done."""

    def handler(event: dict[str, list[dict[str, str]]], _context: object) -> dict[str, list[dict[str, str]]]:
        failed = [
            {"itemIdentifier": record["messageId"]}
            for record in event["Records"]
            if not isinstance(_outcome_of(record, work, name), Done | Duplicate)
        ]
        return {"batchItemFailures": failed}

    return handler


def _outcome_of(record: dict[str, str], work: Work, name: str) -> Outcome:
    """One record, one log line, one measurement; the next one begins without this one's log keys."""
    started = time.perf_counter()
    _logger.clear_state()
    _logger.append_keys(consumer=name, message_id=record["messageId"])
    outcome = outcome_of(lambda: work(record))
    tell(name, outcome, 1000 * (time.perf_counter() - started))
    return outcome


def tell(name: str, outcome: Outcome, milliseconds: float) -> None:
    """The log line and the measurement of one message."""
    reason = outcome.reason if isinstance(outcome, NotYet | Permanent) else None
    level = _logger.error if isinstance(outcome, Permanent) else _logger.info
    level("consumed", outcome=outcome.word, reason=reason)
    record_outcome(name, f"consumed_{outcome.word}", milliseconds)


def outcome_of(work: Callable[[], Outcome]) -> Outcome:
    """What `work` answers; what it raises, as an outcome."""
    try:
        return work()
    except ValidationError as error:
        return Permanent(f"not a message this consumer knows: {error.error_count()} findings")
    except AlreadyConsumed:
        return Duplicate()
    except CallsheetError as error:
        return NotYet(error.code) if error.kind in _PASSING else Permanent(error.code)
    except Exception as error:  # noqa: BLE001 - the door: its neighbours in the batch are not to blame
        return _unforeseen(error)


def _unforeseen(error: Exception) -> NotYet:
    """What nobody foresaw is told to us in full; whether it passes, the next tries will show."""
    outage = outage_in(error)
    _logger.error("failed", exc_info=error)
    return NotYet(UNFORESEEN if outage is None else outage.code)
