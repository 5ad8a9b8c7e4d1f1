"""The shape of a consumer of new objects: S3 tells a queue, the queue calls the function.

@object_consumer
def handler(new: NewObject, caller: Principal) -> Outcome:
    ...
"""

from collections.abc import Callable
from urllib.parse import unquote_plus

from aws_lambda_powertools import Logger
from pydantic import BaseModel, Field

from callsheet.kernel.models import FROZEN
from callsheet.kernel.principal import Principal, system
from callsheet.queue.consumer import Done, Duplicate, Handler, Outcome, batch_handler

_logger = Logger()
_CREATED = "ObjectCreated:"


class NewObject(BaseModel):
    """An object as S3 tells of it. `etag` names its content; `size_bytes` is what S3 has counted."""

    model_config = FROZEN

    bucket: str
    key: str
    etag: str
    size_bytes: int


class _Bucket(BaseModel):
    name: str


class _Object(BaseModel):
    key: str
    size: int = 0
    etag: str = Field(default="", alias="eTag")


class _Place(BaseModel):
    bucket: _Bucket
    object: _Object


class _Record(BaseModel):
    event_name: str = Field(alias="eventName")
    s3: _Place
    response_elements: dict[str, str] = Field(default={}, alias="responseElements")


class _Notification(BaseModel):
    """`event` is there in the message that S3 sends when somebody sets the notification up: `s3:TestEvent`."""

    event: str | None = Field(default=None, alias="Event")
    records: tuple[_Record, ...] = Field(default=(), alias="Records")


type ConsumeObject = Callable[[NewObject, Principal], Outcome]


def object_consumer(consume: ConsumeObject) -> Handler:
    """A Lambda handler over messages that hold S3's notifications; a message is done when each of its objects is."""
    name = consume.__module__.removeprefix("functions.")

    def work(message: dict[str, str]) -> Outcome:
        notification = _Notification.model_validate_json(message["body"])
        created = [record for record in notification.records if record.event_name.startswith(_CREATED)]
        outcomes = [_consume(record, consume, name, message["messageId"]) for record in created]
        unfinished = (outcome for outcome in outcomes if not isinstance(outcome, Done | Duplicate))
        return next(unfinished, outcomes[0] if len(outcomes) == 1 else Done())

    return batch_handler(name, work)


def _consume(record: _Record, consume: ConsumeObject, name: str, message_id: str) -> Outcome:
    correlation_id = record.response_elements.get("x-amz-request-id", message_id)
    new = NewObject(
        bucket=record.s3.bucket.name,
        key=unquote_plus(record.s3.object.key),  # S3 encodes keys in notifications as in a form
        etag=record.s3.object.etag.strip('"'),
        size_bytes=record.s3.object.size,
    )
    _logger.append_keys(correlation_id=correlation_id, object_key=new.key)
    return consume(new, system(name, correlation_id))
