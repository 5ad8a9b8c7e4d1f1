"""What passes between a client and a simulated vendor, before it is any vendor's own."""

import base64
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

type Json = bool | int | float | str | list[Json] | dict[str, Json] | None
type Obj = dict[str, Json]
type Now = Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """`path` is as the vendor has it, without query; header names are in lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes

    def basic(self) -> tuple[str, str] | None:
        """User name and password of HTTP Basic authentication."""
        scheme, _, given = self.headers.get("authorization", "").partition(" ")
        try:
            user, colon, password = base64.b64decode(given, validate=True).decode().partition(":")
        except ValueError:
            return None
        return (user, password) if scheme.lower() == "basic" and colon else None

    def bearer(self) -> str | None:
        scheme, _, given = self.headers.get("authorization", "").partition(" ")
        return given if scheme.lower() == "bearer" and given else None


@dataclass(frozen=True, slots=True)
class Answer:
    """No body at all where `body` is None."""

    status: int
    body: Json = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def content(self) -> bytes:
        return b"" if self.body is None else json.dumps(self.body).encode()


class Refusal(Exception):
    """An answer that says no, in the vendor's own words."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status, answer.body)
        self.answer = answer


class Vendor(Protocol):
    """One vendor in memory. Nobody calls two of its functions at once."""

    def params(self, request: Request) -> Obj:
        """What the request says, decoded. Raises Refusal where nothing can be read."""

    def answer(self, request: Request, params: Obj) -> Answer:
        """Carry the request out. Raises Refusal."""

    def failed(self) -> Answer:
        """What this vendor answers when it is itself in trouble."""

    def tick(self) -> None:
        """Let go on what was accepted: send, ring, deliver, tell."""

    def clear(self) -> None:
        """Forget everything but keys and destinations."""


def token(length: int, alphabet: str = "0123456789abcdef") -> str:
    return "".join(secrets.choice(alphabet) for _ in range(length))


def text(obj: Mapping[str, Json], name: str) -> str:
    """A field that is text, where it is there; else nothing."""
    value = obj.get(name)
    return value if isinstance(value, str) else ""
