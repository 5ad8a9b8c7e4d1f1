"""DynamoDB in process without its wire (ADR 0155): moto's own functions answer, and nobody writes or reads HTTP.

On the wire moto looks for each attribute of an answer under ten names, and that was three quarters of a test's time.
What is done, and what it does, is moto's all the same. Whatever is refused goes over the wire after all: nothing has
changed by then, and moto words the refusal itself.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Lock
from typing import Any, Final, cast

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.handlers import BUILTIN_HANDLERS, REGISTER_LAST
from botocore.model import OperationModel
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.responses import DynamoHandler

from tests.support.keeping import less_kept, writing

type Answer = tuple[AWSResponse, dict[str, Any]]

_METHODS: Final[Mapping[str, str]] = {
    "BatchGetItem": "batch_get_item",
    "BatchWriteItem": "batch_write_item",
    "CreateTable": "create_table",
    "DeleteItem": "delete_item",
    "GetItem": "get_item",
    "PutItem": "put_item",
    "Query": "query",
    "TransactGetItems": "transact_get_items",
    "TransactWriteItems": "transact_write_items",
    "UpdateItem": "update_item",
}
_BINARY = (b'"B":', b'"BS":')  # the wire has its own ways with bytes


class _Asked(DynamoHandler):
    """One request that has been read already."""

    def __init__(self, body: dict[str, Any], region: str) -> None:
        super().__init__()
        self.params = self.body = body
        self.region, self.current_account = region, DEFAULT_ACCOUNT_ID


class _ShortWay:
    """What botocore asks before it sends anything."""

    def __init__(self) -> None:
        self.lock: Lock | None = None  # while moto answers; None while it does not

    def __call__(
        self, model: OperationModel, params: Mapping[str, Any], context: Mapping[str, Any], **_: object
    ) -> Answer | None:
        """What moto answers, or None: then the request is sent."""
        method, body = _METHODS.get(model.name), params["body"]
        if self.lock is None or method is None or any(mark in body for mark in _BINARY):
            return None
        asked = _Asked(json.loads(body), context["client_region"])
        with self.lock:
            try:
                with writing(asked.body):
                    result = cast("dict[str, Any]", getattr(asked, method)().result)
            except Exception:  # noqa: BLE001  # whatever it is, moto's own way from here words it
                return None
        return AWSResponse(params["url"], 200, HTTPHeaders(), None), {
            **_as_said(result, model),
            "ResponseMetadata": {},
        }


def _as_said(result: dict[str, Any], model: OperationModel) -> dict[str, Any]:
    """What an answer has a member for, and is not None."""
    assert model.output_shape is not None
    members = model.output_shape.members
    return {name: value for name, value in result.items() if name in members and value is not None}


_short_way = _ShortWay()
# The last to be asked: a test may hear of each call, or have it fail, before.
BUILTIN_HANDLERS.append(("before-call.dynamodb", _short_way, REGISTER_LAST))


@contextmanager
def without_the_wire(lock: Lock) -> Iterator[None]:
    """Clients of DynamoDB that are made by now go the short way; `lock` is held while moto acts."""
    with _lock_is(lock), less_kept():
        yield


@contextmanager
def on_the_wire() -> Iterator[None]:
    """All requests are sent meanwhile."""
    with _lock_is(None):
        yield


@contextmanager
def _lock_is(lock: Lock | None) -> Iterator[None]:
    before, _short_way.lock = _short_way.lock, lock
    try:
        yield
    finally:
        _short_way.lock = before
