"""The shape of every HTTP endpoint: a decorator that makes a Lambda handler of a typed function.

    @endpoint(status=201, errors=(SlotTaken,))
    def handler(body: CreateBooking, caller: Principal) -> BookingView:
        return create_booking(body, caller, wiring.bookings())

Parameters are found by name: `body` and `query` (pydantic models), `caller`, `request` (RawRequest); any other is a
path parameter. Method, path and access stand in the row of the domain's `routes.py`.
"""

import importlib
import inspect
import time
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2
from pydantic import BaseModel

from callsheet.http.caller import ANONYMOUS, bucket_owner, correlation_id_of, principal_of
from callsheet.http.problems import CONTENT_TYPE, STATUS, problem_body, problem_headers
from callsheet.http.request import RawRequest, parse_body, parse_query, raw_request, request_key
from callsheet.http.tokens import bearer_claims
from callsheet.kernel.errors import CallsheetError, NotFound
from callsheet.kernel.principal import Principal
from callsheet.kernel.routing import Auth, Endpoint, RateClass
from callsheet.platform.clock import clock
from callsheet.platform.metrics import record_outcome
from callsheet.platform.outage import outage_in
from callsheet.platform.rate_limit import Exhausted, take_token

_SPECIAL = frozenset({"body", "query", "caller", "request", "return"})
_logger = Logger()

type Act = Callable[..., BaseModel | None]


@dataclass(frozen=True, slots=True, eq=False, repr=False)  # as rows are, see `kernel/routing.py`
class Operation:
    """What OpenAPI says of an endpoint: its row and what its signature declares."""

    row: Endpoint
    status: int
    errors: tuple[type[CallsheetError], ...]
    summary: str
    body: type[BaseModel] | None
    query: type[BaseModel] | None
    answer: type[BaseModel] | None
    path_parameters: tuple[str, ...]


class HttpHandler:
    """A Lambda handler for one route; `operation` describes it."""

    def __init__(self, operation: Operation, act: Act, parameters: frozenset[str]) -> None:
        self.operation = operation
        self._act = act
        self.parameters = parameters
        self._name = act.__module__.removeprefix("functions.")
        self._limits: Mapping[str, str] = {}  # of the request at hand: a function answers one at a time
        self._resolver = APIGatewayHttpResolver()
        rule = operation.row.path.replace("{", "<").replace("}", ">")
        self._resolver.route(rule, operation.row.method)(self._run)
        self._resolver.exception_handler(CallsheetError)(self._refuse)
        self._resolver.exception_handler(Exception)(self._fail)
        self._resolver.not_found(self._miss)

    def __call__(self, event: dict[str, object], context: object) -> dict[str, object]:
        """Answer one request in API Gateway's format."""
        started = time.perf_counter()
        self._limits = {}
        _logger.clear_state()
        _logger.append_keys(correlation_id=correlation_id_of(APIGatewayProxyEventV2(event)))
        answer: dict[str, object] = self._resolver.resolve(event, context)  # type: ignore[arg-type]  # any context does
        milliseconds = 1000 * (time.perf_counter() - started)
        record_outcome(self._name, f"answered_{str(answer['statusCode'])[0]}xx", milliseconds)
        return answer

    def _run(self, **path: str) -> Response[str]:
        event = self._resolver.current_event
        row = self.operation.row
        raw = raw_request(event, row.max_body_bytes)
        caller = principal_of(_claims(event, row, raw), row, correlation_id_of(event))
        self._limits = _limits(caller, event, row.rate)
        if row.idempotent:
            caller = replace(caller, request_key=request_key(raw, caller.id, row.method, event.raw_path))
        answer = self._act(**path, **self._arguments(event, raw, caller))
        _logger.info("answered", status=self.operation.status, caller=caller.id)
        headers = {"X-Correlation-Id": caller.correlation_id, **self._limits}
        if answer is None:
            return Response(204, body="", headers=headers)  # not every gateway takes null for no body
        return Response(self.operation.status, "application/json", answer.model_dump_json(), headers)

    def _arguments(
        self, event: APIGatewayProxyEventV2, raw: RawRequest, caller: Principal
    ) -> dict[str, object]:
        given: dict[str, object] = {"caller": caller, "request": raw}
        if self.operation.body is not None:
            given["body"] = parse_body(self.operation.body, raw.body)
        if self.operation.query is not None:
            given["query"] = parse_query(self.operation.query, event)
        return {name: value for name, value in given.items() if name in self.parameters}

    def _refuse(self, error: CallsheetError) -> Response[str]:
        _logger.info("refused", code=error.code, status=STATUS[error.kind])
        if isinstance(error, Exhausted):
            self._limits = error.allowance.headers
        return self._problem(error)

    def _fail(self, error: Exception) -> Response[str]:
        """What nobody foresaw: told to us in full, to the caller by its correlation id alone."""
        told = outage_in(error) or CallsheetError()
        _logger.error("failed", status=STATUS[told.kind], exc_info=error)
        return self._problem(told)

    def _problem(self, error: CallsheetError) -> Response[str]:
        correlation_id = correlation_id_of(self._resolver.current_event)
        return Response(
            STATUS[error.kind],
            CONTENT_TYPE,
            problem_body(error, correlation_id),
            {"X-Correlation-Id": correlation_id, **self._limits, **problem_headers(error)},
        )

    def _miss(self, _error: NotFoundError) -> Response[str]:
        """A method or path that the gateway should not have sent here."""
        return self._refuse(NotFound())


def endpoint(
    status: int = 200, errors: tuple[type[CallsheetError], ...] = ()
) -> Callable[[Act], HttpHandler]:
    """Make a handler of a function; `errors` are those it may raise beyond what every endpoint can."""

    def decorate(act: Act) -> HttpHandler:
        hints = typing.get_type_hints(act)
        answer = hints.get("return")
        parameters = frozenset(inspect.signature(act).parameters)
        operation = Operation(
            row=_row_of(act.__module__),
            status=status,
            errors=errors,
            summary=inspect.getdoc(importlib.import_module(act.__module__)) or "",
            body=hints.get("body"),
            query=hints.get("query"),
            answer=None if answer is type(None) else answer,
            path_parameters=tuple(sorted(parameters - _SPECIAL)),
        )
        for model in filter(None, (operation.body, operation.query, operation.answer)):
            model.model_rebuild()  # while the function starts, not while its first caller waits
        return HttpHandler(operation, act, parameters)

    return decorate


def _row_of(module: str) -> Endpoint:
    package, _, name = module.rpartition(".")
    for row in importlib.import_module(f"{package}.routes").ROUTES:
        if isinstance(row, Endpoint) and row.name == name:
            return row
    raise LookupError(f"{package}.routes has no endpoint {name}")


def _claims(event: APIGatewayProxyEventV2, row: Endpoint, raw: RawRequest) -> dict[str, object]:
    if row.auth is Auth.OPTIONAL:
        # Not our clock, which the laptop cloud moves: whoever issues tokens knows nothing of that.
        return bearer_claims(raw.headers, datetime.now(UTC))
    authorizer = event.request_context.get("authorizer") or {}
    return dict((authorizer.get("jwt") or {}).get("claims") or {})


def _limits(caller: Principal, event: APIGatewayProxyEventV2, rate: RateClass) -> dict[str, str]:
    """Take a token of the caller's bucket; the headers that say what is left."""
    if rate is RateClass.NONE:
        return {}
    is_signed_in = caller.id != ANONYMOUS
    return take_token(bucket_owner(caller, event), rate, clock().now(), is_signed_in=is_signed_in).headers
