"""What a request holds, read once from API Gateway's event (payload format 2.0)."""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2
from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from callsheet.kernel.errors import BodyTooLarge, InvalidRequest
from callsheet.kernel.principal import RequestKey

MAX_KEY_LENGTH = 255
_MAX_FINDING_LENGTH = 200


@dataclass(frozen=True, slots=True)
class RawRequest:
    """The body as it was sent and the headers in lower case, for endpoints that verify a signature."""

    body: bytes
    headers: Mapping[str, str]


def raw_request(event: APIGatewayProxyEventV2, max_body_bytes: int) -> RawRequest:
    """Raises BodyTooLarge above `max_body_bytes`, InvalidRequest where the transport's base64 is broken."""
    text = event.body or ""
    try:
        body = base64.b64decode(text, validate=True) if event.is_base64_encoded else text.encode()
    except (binascii.Error, UnicodeEncodeError) as error:
        raise InvalidRequest("The body is not readable") from error
    if len(body) > max_body_bytes:
        raise BodyTooLarge(f"The body may have {max_body_bytes} bytes", extra={"max_bytes": max_body_bytes})
    return RawRequest(body, {name.lower(): value for name, value in event.headers.items()})


def parse_body[M: BaseModel](model: type[M], body: bytes) -> M:
    """The body as `model`; InvalidRequest names each field that is wrong.

    Pydantic reads NaN and Infinity, which RFC 8259 does not know: they are refused before.
    """
    try:
        from_json(body or b"{}", allow_inf_nan=False)
    except ValueError as error:
        raise InvalidRequest(f"body: not JSON: {error}") from error
    try:
        return model.model_validate_json(body or b"{}")
    except ValidationError as error:
        raise invalid(error) from error


def parse_query[M: BaseModel](model: type[M], event: APIGatewayProxyEventV2) -> M:
    """The query string as `model`; InvalidRequest where a parameter is unknown to it, or comes more than once."""
    names = [name for name, _ in parse_qsl(event.get("rawQueryString") or "", keep_blank_values=True)]
    if len(names) != len(set(names)):
        raise InvalidRequest("A query parameter is given once")
    try:
        return model.model_validate_strings(dict(event.query_string_parameters))
    except ValidationError as error:
        raise invalid(error) from error


def invalid(error: ValidationError) -> InvalidRequest:
    """Pydantic's findings in the caller's words: the field's path and what is wrong; never the value itself."""
    found = [
        f"{'.'.join(str(part) for part in finding['loc']) or 'body'}: {finding['msg']}"[:_MAX_FINDING_LENGTH]
        for finding in error.errors(include_url=False, include_context=False, include_input=False)
    ]
    return InvalidRequest("; ".join(found[:3]), extra={"errors": found[:20]})


def request_key(raw: RawRequest, caller_id: str, method: str, path: str) -> RequestKey | None:
    """The caller's `Idempotency-Key`, None without one. Keys of two callers never meet."""
    key = raw.headers.get("idempotency-key")
    if key is None:
        return None
    if not 0 < len(key) <= MAX_KEY_LENGTH:
        raise InvalidRequest(f"Idempotency-Key has 1 to {MAX_KEY_LENGTH} characters")
    return RequestKey(
        record_id=_digest(caller_id.encode(), key.encode()),
        fingerprint=_digest(method.encode(), path.encode(), raw.body),
    )


def _digest(*parts: bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()
