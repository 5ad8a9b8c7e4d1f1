"""Messages that a function sends to a worker's queue itself, shaped as the bus shapes them: all consumers are alike."""

import json
from collections.abc import Mapping

from pydantic import JsonValue

from callsheet.kernel.principal import Principal
from callsheet.platform.aws import client
from callsheet.platform.settings import resource_name


def direct_message(message_id: str, name: str, payload: Mapping[str, JsonValue], caller: Principal) -> str:
    """The body of a message. `message_id` is what it is known by when it comes twice."""
    detail = {
        "event_id": message_id,
        "correlation_id": caller.correlation_id,
        "payload": dict(payload),
    }
    return json.dumps({"id": message_id, "detail-type": name, "detail": detail})


def send_direct(queue: str, body: str) -> None:
    """Put a message into a worker's queue (`payments/apply_stripe_event`)."""
    client("sqs").send_message(QueueUrl=resource_name("QUEUE", queue), MessageBody=body)
