"""The next portion of a run is a message, so that no run is longer than a function may be."""

import json

from callsheet.closing.model import Close
from callsheet.kernel.principal import Principal
from callsheet.platform.aws import client
from callsheet.platform.settings import resource_name

QUEUE = "closing/run_portion"


def send_next(close: Close, caller: Principal) -> None:
    """Shaped as the bus shapes messages, so that the consumer is like every other. Sent twice does no harm."""
    name = f"{close.day.isoformat()}/{close.attempt}"
    payload = {"day": close.day.isoformat(), "attempt": close.attempt}
    detail = {"event_id": name, "correlation_id": caller.correlation_id, "payload": payload}
    message = {"id": name, "detail-type": "closing.portion", "detail": detail}
    client("sqs").send_message(QueueUrl=resource_name("QUEUE", QUEUE), MessageBody=json.dumps(message))
