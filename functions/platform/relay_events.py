"""The stream of the outbox: each new domain event goes to the bus, in the order of its shard."""

from typing import cast

from aws_lambda_powertools import Logger

from callsheet.kernel.events import Envelope
from callsheet.platform.business import count_facts
from callsheet.platform.records import EventItem
from callsheet.platform.relay import Message, publish
from callsheet.platform.table import AttributeValue

_logger = Logger()


def handler(event: dict[str, list[AttributeValue]], _context: object) -> dict[str, list[dict[str, str]]]:
    """Answers the first record that the bus did not take: the stream comes back from there."""
    records = [record for record in event["Records"] if record["eventName"] == "INSERT"]
    envelopes = [_envelope(record) for record in records]
    taken = publish([_message(envelope) for envelope in envelopes])
    count_facts(envelopes[:taken])
    if taken == len(records):
        return {"batchItemFailures": []}
    _logger.warning("bus refused", taken=taken, of=len(records))
    return {"batchItemFailures": [{"itemIdentifier": _sequence_number(records[taken])}]}


def _envelope(record: AttributeValue) -> Envelope:
    return EventItem.from_raw_data(record["dynamodb"]["NewImage"]).document


def _message(envelope: Envelope) -> Message:
    return Message(envelope.source, envelope.name, envelope.model_dump_json())


def _sequence_number(record: AttributeValue) -> str:
    return cast("str", record["dynamodb"]["SequenceNumber"])
