"""Stripe's webhooks as they arrive, and the queue's messages as they leave."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import boto3

from callsheet.gateways.stripe_signature import sign
from tests.support.gateway import Answer, Gateway, Request

PATH = "/v1/webhooks/stripe"
SECRET = "whsec_test"


def an_event(event_id: str = "evt_1", kind: str = "payment_intent.succeeded", **changes: object) -> bytes:
    """An event about an intent of ours; `changes` are the object's fields."""
    about = {"id": "pi_1", "object": "payment_intent", "metadata": {"subject": "bkg_1"}, **changes}
    event = {"id": event_id, "object": "event", "type": kind, "data": {"object": about}}
    return json.dumps(event, indent=2).encode()


def a_refund_event(event_id: str = "evt_1", intent_id: str = "pi_1") -> bytes:
    return an_event(
        event_id, "refund.updated", id="re_1", object="refund", metadata={}, payment_intent=intent_id
    )


def deliver(
    body: bytes, *, age: timedelta = timedelta(), secret: str = SECRET, signature: str | None = None
) -> Answer:
    """POST an event, signed `age` ago unless a signature is given."""
    header = sign(body, secret, datetime.now(UTC) - age) if signature is None else signature
    headers = {"stripe-signature": header} if header else {}
    return Gateway().send(Request(method="POST", path=PATH, headers=headers, body=body))


def queued(url: str) -> list[dict[str, object]]:
    """The messages in the queue, taken out."""
    client, found = boto3.client("sqs"), []
    while messages := client.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
        for message in messages:
            found.append(json.loads(message["Body"]))
            client.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return found


def as_record(message: Mapping[str, object]) -> dict[str, list[dict[str, str]]]:
    """SQS's invocation event for one message."""
    return {"Records": [{"messageId": "m1", "body": json.dumps(message)}]}
