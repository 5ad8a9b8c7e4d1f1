"""API Gateway in process: HTTP requests become v2 events for the handlers that the route tables name.

    gateway = Gateway()
    answer = gateway.call("POST", "/v1/bookings", body={...}, user=carla)

`wsgi` speaks WSGI for tools that bring requests of their own; the header `x-test-user`
(`<uuid>;client,provider`) stands for the token whose claims the JWT authorizer would have verified.
"""

import base64
import importlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import parse_qsl, unquote
from uuid import UUID, uuid4

from ulid import ULID

from callsheet.kernel.ids import user_id_of
from callsheet.kernel.routing import Auth, Endpoint
from docs.build.rows import endpoints
from tests.support.grants import only_what_is_granted

type Event = dict[str, object]
type StartResponse = Callable[[str, list[tuple[str, str]]], object]

USER_HEADER = "x-test-user"


@dataclass(frozen=True, slots=True)
class Caller:
    """The claims of a verified token: who (Cognito's subject is a UUID), and in which groups."""

    subject: str = field(default_factory=lambda: str(uuid4()))
    groups: tuple[str, ...] = ()

    @property
    def user_id(self) -> str:
        return user_id_of(self.subject)

    def claims(self) -> dict[str, object]:
        return {
            "sub": self.subject,
            "username": self.subject,
            "cognito:groups": f"[{' '.join(self.groups)}]",
            "token_use": "access",
        }

    @classmethod
    def named(cls, user_id: str, *groups: str) -> "Caller":
        """The caller whose user id that is."""
        return cls(str(UUID(bytes=ULID.from_str(user_id[4:]).bytes)), groups)

    @classmethod
    def from_header(cls, value: str) -> "Caller":
        subject, _, groups = value.partition(";")
        return cls(subject, tuple(group for group in groups.split(",") if group))


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What arrived: everything as the wire has it, and whose token came with it."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    user: Caller | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: str

    def json(self) -> dict[str, object]:
        parsed = json.loads(self.body)
        assert isinstance(parsed, dict)
        return parsed


@dataclass(frozen=True, slots=True)
class LambdaContext:
    """What the Lambda runtime hands over beside the event."""

    function_name: str
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "arn:aws:lambda:eu-central-1:000000000000:function:test"
    aws_request_id: str = "00000000-0000-4000-8000-000000000000"

    def get_remaining_time_in_millis(self) -> int:
        return 15_000


class Gateway:
    """Routes as API Gateway does: the most specific path first, 404 for none, 401 without a token."""

    def __init__(self) -> None:
        table = sorted(endpoints(), key=lambda entry: entry[1].path.count("{"))
        self._routes = [(domain, row, _pattern(row.path)) for domain, row in table]

    def call(
        self,
        method: str,
        path: str,
        *,
        body: object = None,
        user: Caller | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        raw = None if body is None else body if isinstance(body, str) else json.dumps(body)
        target, _, query = path.partition("?")
        sent = {
            "content-type": "application/json",
            **{key.lower(): value for key, value in (headers or {}).items()},
        }
        sent_body = b"" if raw is None else raw.encode()
        return self.send(
            Request(method=method, path=target, query=query, headers=sent, body=sent_body, user=user)
        )

    def send(self, request: Request) -> Answer:
        """Run the handler of one request, here and now."""
        for domain, row, pattern in self._routes:
            if row.method == request.method and (match := pattern.fullmatch(request.path)):
                if row.auth is Auth.JWT and request.user is None:
                    return Answer(401, {"content-type": "application/json"}, '{"message":"Unauthorized"}')
                event = api_event(row, request, match.groupdict())
                with only_what_is_granted(row):
                    return _answer_of(_handler(domain, row)(event, LambdaContext(row.name)))
        return Answer(404, {"content-type": "application/json"}, '{"message":"Not Found"}')

    def wsgi(self, environ: Mapping[str, object], start_response: StartResponse) -> Iterable[bytes]:
        """The gateway as a WSGI application (PEP 3333)."""
        headers = {
            key.removeprefix("HTTP_").replace("_", "-").lower(): str(value)
            for key, value in environ.items()
            if key.startswith("HTTP_") or key in {"CONTENT_TYPE", "CONTENT_LENGTH"}
        }
        stream = environ["wsgi.input"]
        length = int(headers.get("content-length") or 0)
        body = stream.read(length) if length and hasattr(stream, "read") else b""
        user = Caller.from_header(headers[USER_HEADER]) if USER_HEADER in headers else None
        path = str(environ.get("PATH_INFO", "/")).encode("latin-1").decode("utf-8", "replace")
        answer = self.send(
            Request(
                method=str(environ["REQUEST_METHOD"]),
                path=path,
                query=str(environ.get("QUERY_STRING", "")),
                headers=headers,
                body=body,
                user=user,
            )
        )
        start_response(f"{answer.status} {HTTPStatus(answer.status).phrase}", list(answer.headers.items()))
        return [answer.body.encode()]


def api_event(row: Endpoint, request: Request, parameters: Mapping[str, str]) -> Event:
    """The HTTP API event (payload format 2.0) of one request; a body that is not UTF-8 arrives as base64."""
    pairs: dict[str, str] = {}
    for name, value in parse_qsl(request.query, keep_blank_values=True):
        pairs[name] = f"{pairs[name]},{value}" if name in pairs else value
    text, is_base64 = _text(request.body)
    context: Event = {
        "accountId": "000000000000",
        "apiId": "test",
        "domainName": "test.execute-api.eu-central-1.amazonaws.com",
        "http": {
            "method": row.method,
            "path": request.path,
            "protocol": "HTTP/1.1",
            "sourceIp": "192.0.2.1",
            "userAgent": request.headers.get("user-agent", "test"),
        },
        "requestId": "JKJaXmPLvHcESHA=",
        "routeKey": f"{row.method} {row.path}",
        "stage": "$default",
        "time": "01/May/2026:10:00:00 +0000",
        "timeEpoch": 1_777_629_600_000,
    }
    if request.user is not None:
        context["authorizer"] = {"jwt": {"claims": request.user.claims(), "scopes": None}}
    event: Event = {
        "version": "2.0",
        "routeKey": f"{row.method} {row.path}",
        "rawPath": request.path,
        "rawQueryString": request.query,
        "headers": dict(request.headers),
        "requestContext": context,
        "isBase64Encoded": is_base64,
    }
    if pairs:
        event["queryStringParameters"] = pairs
    if parameters:
        event["pathParameters"] = {name: unquote(value) for name, value in parameters.items()}
    if request.body:
        event["body"] = text
    return event


def _text(body: bytes) -> tuple[str, bool]:
    try:
        return body.decode(), False
    except UnicodeDecodeError:
        return base64.b64encode(body).decode(), True


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path))


def _handler(domain: str, row: Endpoint) -> Callable[[Event, LambdaContext], dict[str, object]]:
    handler: Callable[[Event, LambdaContext], dict[str, object]] = importlib.import_module(
        f"functions.{domain}.{row.name}"
    ).handler
    return handler


def _answer_of(result: dict[str, object]) -> Answer:
    headers = result.get("headers") or {}
    assert isinstance(headers, dict)
    body = str(result.get("body") or "")
    if result.get("isBase64Encoded"):
        body = base64.b64decode(body).decode()
    return Answer(int(str(result["statusCode"])), {str(k).lower(): str(v) for k, v in headers.items()}, body)
