"""Every endpoint answers alike: typed bodies, problem documents, nothing internal."""

import base64
import json
from dataclasses import replace
from typing import cast

import pytest
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from callsheet.http.caller import roles_of
from callsheet.http.endpoint import HttpHandler, Operation
from callsheet.http.problems import STATUS
from callsheet.http.request import RawRequest, request_key
from callsheet.kernel.errors import Conflict, InvalidRequest, Kind, RateLimited
from callsheet.kernel.principal import Principal, Role
from callsheet.kernel.routing import Auth, Endpoint, RateClass
from functions.platform import get_health

type Event = dict[str, JsonValue]
SUBJECT = "018f3c1e-7d2a-7c3b-9f00-0a1b2c3d4e5f"


class Order(BaseModel):
    count: int = Field(ge=1)


class Filter(BaseModel):
    model_config = ConfigDict(extra="forbid")

    limit: int = Field(default=20, le=100)


class Answer(BaseModel):
    text: str


def act(item_id: str, body: Order, query: Filter, caller: Principal) -> Answer | None:
    if item_id == "conflict":
        raise Conflict("Read it again", extra={"status": "hidden", "state": "pending"})
    if item_id == "slow":
        raise RateLimited(retry_after_seconds=7)
    if item_id == "bug":
        raise RuntimeError("secret detail")
    if item_id == "nothing":
        return None
    key = caller.request_key.record_id[:4] if caller.request_key else "-"
    return Answer(text=f"{item_id} {body.count} {query.limit} {caller.id[:4]} {key}")


ROW = Endpoint(
    name="act",
    method="POST",
    path="/v1/items/{item_id}",
    roles=("client",),
    rate=RateClass.NONE,
    idempotent=True,
    max_body_bytes=100,
)
HANDLER = HttpHandler(
    Operation(ROW, 201, (Conflict,), "", Order, Filter, Answer, ("item_id",)),
    act,
    frozenset({"item_id", "body", "query", "caller"}),
)


def an_event(item: str = "a", body: str | None = '{"count": 2}', method: str = "POST") -> Event:
    path = f"/v1/items/{item}"
    return {
        "version": "2.0",
        "rawPath": path,
        "headers": {"Content-Type": "application/json"},
        "requestContext": {
            "requestId": "req-1",
            "stage": "$default",
            "http": {"method": method, "path": path},
            "authorizer": {"jwt": {"claims": {"sub": SUBJECT, "cognito:groups": "[client fan]"}}},
        },
        "body": body,
        "isBase64Encoded": False,
    }


def ask(event: Event, handler: HttpHandler = HANDLER) -> tuple[int, dict[str, JsonValue], dict[str, str]]:
    answer = handler(cast("dict[str, object]", event), None)
    body = json.loads(str(answer["body"])) if answer.get("body") else {}
    return cast("int", answer["statusCode"]), body, cast("dict[str, str]", answer["headers"])


def claims(event: Event) -> Event:
    context = cast("Event", event["requestContext"])
    return cast("Event", cast("Event", cast("Event", context["authorizer"])["jwt"])["claims"])


def test_parameters_reach_the_function_by_name_and_type() -> None:
    event = an_event()
    event["queryStringParameters"] = {"limit": "5"}
    status, body, headers = ask(event)
    assert (status, body) == (201, {"text": "a 2 5 usr_ -"})
    assert headers["Content-Type"] == "application/json"
    assert headers["X-Correlation-Id"] == "req-1"


def test_a_base64_body_is_the_same_body() -> None:
    event = an_event(body=base64.b64encode(b'{"count": 3}').decode())
    event["isBase64Encoded"] = True
    assert ask(event)[1] == {"text": "a 3 20 usr_ -"}


@pytest.mark.parametrize(
    "body",
    [
        *("", "{", "[]", "null", "1", '"text"', "true", "\ud800", "\ufeff{}"),
        *('{"count": 0}', '{"count": "x"}', '{"count": 1e400}', '{"count": NaN}', '{"count": 1, "x": NaN}'),
        *('{"count": 1, "x": -Infinity}', '{"count": 1} trailing', "{'count': 1}", '{"count": "\\ud800"}'),
    ],
)
def test_a_body_that_does_not_fit_is_a_problem_that_says_what_to_mend(body: str) -> None:
    status, problem, headers = ask(an_event(body=body))
    assert (status, problem["code"]) == (400, "invalid_request")
    assert problem["correlation_id"] == "req-1"
    assert headers["Content-Type"] == "application/problem+json"


def test_a_body_that_is_not_utf_8_is_refused() -> None:
    event = an_event(body=base64.b64encode(b'{"count": 3, "x": "\xff"}').decode())
    event["isBase64Encoded"] = True
    assert ask(event)[:2][0] == 400


@pytest.mark.parametrize("brackets", ["[]", '{"a":}'])
def test_a_body_that_is_nested_too_deep_is_refused(brackets: str) -> None:
    row = replace(ROW, max_body_bytes=64 * 1024)
    operation = Operation(row, 201, (), "", Order, Filter, Answer, ("item_id",))
    opening, closing = brackets[:-1], brackets[-1]
    nested = f'{{"count": 1, "x": {opening * 9000}1{closing * 9000}}}'
    status, problem, _ = ask(an_event(body=nested), HttpHandler(operation, act, HANDLER.parameters))
    assert (status, problem["code"]) == (400, "invalid_request")


def test_what_is_said_of_a_bad_body_does_not_grow_with_it() -> None:
    class Strict(BaseModel):
        model_config = ConfigDict(extra="forbid")

    operation = Operation(replace(ROW, max_body_bytes=64 * 1024), 201, (), "", Strict, None, None, ())
    handler = HttpHandler(operation, act, frozenset({"body"}))
    body = json.dumps({"k" * 1000 + str(number): 1 for number in range(50)})
    status, problem, _ = ask(an_event(body=body), handler)
    assert status == 400
    assert len(json.dumps(problem)) < 6000


@pytest.mark.parametrize(
    ("raw", "given"),
    [
        ("limit=5&limit=6", {"limit": "5,6"}),
        ("limit=5&limit=5", {"limit": "5"}),
        ("unknown=1", {"unknown": "1"}),
        ("limit=", {"limit": ""}),
        ("limit=NaN", {"limit": "NaN"}),
    ],
)
def test_a_query_parameter_is_known_and_comes_once(raw: str, given: dict[str, JsonValue]) -> None:
    event = an_event()
    event["rawQueryString"], event["queryStringParameters"] = raw, given
    status, problem, _ = ask(event)
    assert (status, problem["code"]) == (400, "invalid_request")


@pytest.mark.parametrize("method", ["HEAD", "GET", "OPTIONS", "DELETE"])
def test_another_method_is_a_problem_document_too(method: str) -> None:
    status, problem, headers = ask(an_event(method=method))
    assert (status, problem["code"]) == (404, "not_found")
    assert headers["Content-Type"] == "application/problem+json"


def test_another_path_is_a_problem_document_too() -> None:
    assert ask(an_event("a/b"))[1]["code"] == "not_found"
    assert ask(an_event('"'))[0] in {201, 404}


def test_a_caller_s_own_correlation_id_is_taken_over_where_it_is_harmless() -> None:
    event = an_event("conflict")
    event["headers"] = {"x-correlation-id": "checkout-7f3a"}
    _, problem, headers = ask(event)
    assert (problem["correlation_id"], headers["X-Correlation-Id"]) == ("checkout-7f3a", "checkout-7f3a")


@pytest.mark.parametrize("given", ["", "carla@example.com", "a b", "x" * 65, "-x", "a\nb", "é"])
def test_anything_else_is_passed_over_for_the_request_s_id(given: str) -> None:
    event = an_event()
    event["headers"] = {"X-Correlation-Id": given}
    assert ask(event)[2]["X-Correlation-Id"] == "req-1"


def test_a_broken_transport_encoding_is_refused() -> None:
    event = an_event(body="%%%")
    event["isBase64Encoded"] = True
    assert ask(event)[0] == 400


def test_a_query_that_does_not_fit_names_the_field() -> None:
    event = an_event()
    event["queryStringParameters"] = {"limit": "1000"}
    status, problem, _ = ask(event)
    assert status == 400
    assert str(problem["detail"]).startswith("limit: ")


def test_a_huge_body_is_refused_unread() -> None:
    status, problem, _ = ask(an_event(body='{"count": 1, "pad": "' + "x" * 100 + '"}'))
    assert (status, problem["code"], problem["max_bytes"]) == (413, "body_too_large", 100)


def test_a_typed_error_is_a_problem_whose_own_members_win() -> None:
    status, problem, _ = ask(an_event("conflict"))
    assert status == 409
    assert problem == {
        "type": "urn:callsheet:problem:conflict",
        "title": Conflict.title,
        "status": 409,
        "detail": "Read it again",
        "code": "conflict",
        "correlation_id": "req-1",
        "state": "pending",
    }


def test_an_error_that_knows_when_says_retry_after() -> None:
    status, _, headers = ask(an_event("slow"))
    assert (status, headers["Retry-After"]) == (429, "7")


def test_an_unforeseen_error_leaks_nothing() -> None:
    status, problem, _ = ask(an_event("bug"))
    assert (status, problem["code"]) == (500, "internal_error")
    assert "secret" not in json.dumps(problem)


def test_no_answer_is_204() -> None:
    assert ask(an_event("nothing"))[:2] == (204, {})


def test_without_a_subject_or_with_a_foreign_one_nobody_is_signed_in() -> None:
    nobody = an_event()
    claims(nobody).clear()
    assert ask(nobody)[0] == 401
    foreign = an_event()
    claims(foreign)["sub"] = "not-a-uuid"
    assert ask(foreign)[0] == 401


def test_without_the_row_s_role_it_is_forbidden() -> None:
    event = an_event()
    claims(event)["cognito:groups"] = "[fan]"
    status, problem, _ = ask(event)
    assert (status, problem["code"]) == (403, "forbidden")


@pytest.mark.parametrize("groups", ["[client admin]", "client,admin", ["client", "admin", "stranger"]])
def test_groups_are_read_in_every_form_a_gateway_gives_them(groups: object) -> None:
    assert roles_of(groups) == {Role.CLIENT, Role.ADMIN}
    assert roles_of(None) == frozenset()


def test_keys_of_two_callers_never_meet_and_a_key_has_a_length() -> None:
    raw = RawRequest(b"{}", {"idempotency-key": "k"})
    mine, theirs = (request_key(raw, who, "POST", "/v1/x") for who in ("usr_1", "usr_2"))
    assert mine is not None
    assert theirs is not None
    assert mine.record_id != theirs.record_id
    assert mine.fingerprint == theirs.fingerprint
    assert request_key(RawRequest(b"{}", {}), "usr_1", "POST", "/") is None
    with pytest.raises(InvalidRequest):
        request_key(RawRequest(b"{}", {"idempotency-key": "k" * 256}), "usr_1", "POST", "/")


def test_a_request_key_reaches_the_use_case() -> None:
    event = an_event()
    event["headers"] = {"Idempotency-Key": "abc"}
    assert not str(ask(event)[1]["text"]).endswith("-")


def test_every_kind_has_a_status() -> None:
    assert set(STATUS) == set(Kind)


def _health_event() -> Event:
    event = an_event(body=None, method="GET")
    event["rawPath"] = "/v1/health"
    return event


def test_health_says_what_runs(tables: None) -> None:
    status, body, _ = ask(_health_event(), get_health.handler)
    assert status == 200
    assert body == {"status": "ok", "stage": "test", "version": "test", "stores": {"dynamodb": "ok"}}
    assert get_health.handler.operation.row.auth is Auth.NONE


def test_health_without_its_table_is_unavailable(tables: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TABLE_PLATFORM", "gone")
    status, problem, _ = ask(_health_event(), get_health.handler)
    assert (status, problem["code"]) == (503, "unavailable")


def a_rated_handler() -> HttpHandler:
    rated = replace(ROW, rate=RateClass.CHECKOUT)
    operation = Operation(rated, 201, (), "", Order, Filter, Answer, ("item_id",))
    return HttpHandler(operation, act, HANDLER.parameters)


def test_a_rated_endpoint_says_what_is_left_and_then_when_to_come_back(tables: None) -> None:
    handler = a_rated_handler()
    answers = [ask(an_event(), handler) for _ in range(11)]
    assert [status for status, _, _ in answers[:10]] == [201] * 10
    assert answers[0][2]["RateLimit-Remaining"] == "9"
    status, problem, headers = answers[10]
    assert (status, problem["code"]) == (429, "rate_limited")
    assert int(headers["Retry-After"]) <= 6
    assert (headers["RateLimit-Limit"], headers["RateLimit-Remaining"]) == ("10", "0")
    assert 54 <= int(headers["RateLimit-Reset"]) <= 60


@pytest.mark.parametrize(("item", "status"), [("conflict", 409), ("bug", 500)])
def test_what_is_refused_after_a_token_was_taken_says_what_is_left(
    tables: None, item: str, status: int
) -> None:
    answer = ask(an_event(item), a_rated_handler())
    assert answer[0] == status
    assert answer[2]["RateLimit-Remaining"] == "9"


def test_what_is_refused_before_a_token_was_taken_says_nothing_of_the_request_before(tables: None) -> None:
    handler = a_rated_handler()
    ask(an_event(), handler)
    nobody = an_event()
    claims(nobody).clear()
    status, _, headers = ask(nobody, handler)
    assert status == 401
    assert not any(name.startswith("RateLimit") for name in headers)
