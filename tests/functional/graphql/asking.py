"""Asks the GraphQL door and reads its answers."""

import json

from tests.support.gateway import Caller
from tests.support.market import Market

type Json = dict[str, object]


def ask(market: Market, query: str, user: Caller | None = None, /, **variables: object) -> Json:
    """The whole answer."""
    return _answer(market, query, variables, user)


def ask_under(market: Market, key: str, query: str, /, **variables: object) -> Json:
    """The whole answer to a request under that Idempotency-Key."""
    return _answer(market, query, variables, key=key)


def told(market: Market, query: str, user: Caller | None = None, /, **variables: object) -> Json:
    """What the one field of `query` answers: an object, and no error beside it."""
    answer = _answer(market, query, variables, user)
    assert "errors" not in answer, answer
    data = answer["data"]
    assert isinstance(data, dict)
    (field,) = data.values()
    assert isinstance(field, dict)
    return field


def code_of(answer: Json) -> str:
    (error,) = json.loads(json.dumps(answer))["errors"]
    return str(error["extensions"]["code"])


def _answer(
    market: Market, query: str, variables: Json, user: Caller | None = None, *, key: str | None = None
) -> Json:
    answer = market.post("/graphql", {"query": query, "variables": variables}, user=user, key=key)
    assert answer.status == 200, answer.body
    return answer.json()
