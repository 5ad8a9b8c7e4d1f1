"""The HTTP API as its callers see it: JSON in, JSON out, a token that is never stale."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal, Self

import httpx
from pydantic import JsonValue, TypeAdapter

from local import users
from local.stack import Stack

type Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
type Document = dict[str, JsonValue]

_DOCUMENT: TypeAdapter[Document] = TypeAdapter(Document)
_TOKEN_KEPT_SECONDS = 600
_TIMEOUT = httpx.Timeout(60, connect=5)


class Refused(RuntimeError):
    """The API answered with an error. `status` and `problem` are what it said."""

    def __init__(self, call: str, status: int, problem: Document) -> None:
        super().__init__(f"{call}: {status} {problem.get('code') or problem}: {problem.get('detail', '')}")
        self.status = status
        self.problem = problem


@dataclass(slots=True)
class Api:
    """Calls in the names of demo users."""

    stack: Stack
    http: httpx.Client
    _tokens: dict[str, tuple[float, str]] = field(default_factory=dict)

    @classmethod
    @contextmanager
    def of(cls, stack: Stack) -> Iterator[Self]:
        with httpx.Client(timeout=_TIMEOUT, trust_env=False) as http:
            yield cls(stack, http)

    def send(
        self,
        method: Method,
        path: str,
        *,
        user: str | None = None,
        body: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """The bare answer. `path` starts with `/v1` or is `/graphql`; query and all."""
        signed = {"authorization": f"Bearer {self.token(user)}"} if user else {}
        return self.http.request(
            method, f"{self.stack.api_url}{path}", json=body, headers={**signed, **(headers or {})}
        )

    def call(
        self,
        method: Method,
        path: str,
        *,
        user: str | None = None,
        body: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Document:
        """The answer's document. Raises Refused."""
        answer = self.send(method, path, user=user, body=body, headers=headers)
        if not answer.is_success:
            raise Refused(f"{method} {path}", answer.status_code, _document(answer))
        return _document(answer)

    def token(self, user: str) -> str:
        """Kept for ten minutes of its hour."""
        until, token = self._tokens.get(user, (0.0, ""))
        if time.monotonic() >= until:
            token = users.token(self.stack, user)
            self._tokens[user] = (time.monotonic() + _TOKEN_KEPT_SECONDS, token)
        return token


def _document(answer: httpx.Response) -> Document:
    try:
        return _DOCUMENT.validate_json(answer.content or b"{}")
    except ValueError:
        return {"detail": answer.text}


def text(document: Document, *path: str) -> str:
    """A string somewhere inside a document, e.g. `text(booking, "payment", "status")`; empty where there is none."""
    found: JsonValue = document
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    return "" if found is None else str(found)


def items(document: Document, name: str = "items") -> list[Document]:
    """The documents of a list."""
    found = document.get(name)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []
