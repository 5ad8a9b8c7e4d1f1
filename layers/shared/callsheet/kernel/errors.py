"""What can go wrong, as types: a stable code, a title and a kind; never an HTTP number.

The doors translate: `http/problems.py` into RFC 9457 problem documents, `graphql/errors.py` into `extensions`.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import ClassVar

type Detail = str | int | bool | list[str] | dict[str, str] | None


class Kind(StrEnum):
    """What the caller can do about it; each kind has one HTTP status."""

    INVALID = "invalid"
    UNAUTHENTICATED = "unauthenticated"
    PAYMENT = "payment"
    FORBIDDEN = "forbidden"
    MISSING = "missing"
    CONFLICT = "conflict"
    GONE = "gone"
    TOO_LARGE = "too_large"
    UNPROCESSABLE = "unprocessable"
    LIMITED = "limited"
    UNAVAILABLE = "unavailable"
    INTERNAL = "internal"


class CallsheetError(Exception):
    """A refusal with a stable `code`. `extra` members are shown to the caller beside the code.

    Subclasses set `code`, `title` and `kind`; `detail` says what to mend, in one sentence.
    """

    code: ClassVar[str] = "internal_error"
    title: ClassVar[str] = "Something went wrong on our side"
    kind: ClassVar[Kind] = Kind.INTERNAL

    def __init__(
        self,
        detail: str | None = None,
        *,
        extra: Mapping[str, Detail] | None = None,
        retry_after_seconds: int | None = None,
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.extra: dict[str, Detail] = dict(extra or {})
        self.retry_after_seconds = retry_after_seconds


def error_with(code: str) -> type[CallsheetError]:
    """The error type of a code, among those whose modules are loaded; CallsheetError itself where there is none."""
    waiting = [CallsheetError]
    while waiting:
        error = waiting.pop()
        if error.code == code:
            return error
        waiting += error.__subclasses__()
    return CallsheetError


class InvalidRequest(CallsheetError):
    code, title, kind = "invalid_request", "The request is not valid", Kind.INVALID


class Unauthenticated(CallsheetError):
    code, title, kind = "unauthenticated", "Sign in first", Kind.UNAUTHENTICATED


class Forbidden(CallsheetError):
    code, title, kind = "forbidden", "You may not do this", Kind.FORBIDDEN


class NotFound(CallsheetError):
    code, title, kind = "not_found", "There is no such thing, or it is not yours to see", Kind.MISSING


class Conflict(CallsheetError):
    code, title, kind = "conflict", "The thing has changed meanwhile; read it again", Kind.CONFLICT


class IllegalTransition(Conflict):
    code, title = "illegal_transition", "The state it is in does not allow this"


class BodyTooLarge(CallsheetError):
    code, title, kind = "body_too_large", "The request body is too large", Kind.TOO_LARGE


class RateLimited(CallsheetError):
    code, title, kind = "rate_limited", "Too many requests", Kind.LIMITED


class Unavailable(CallsheetError):
    code, title, kind = "unavailable", "A part we need does not answer; try again", Kind.UNAVAILABLE


class InvalidCursor(InvalidRequest):
    code, title = "invalid_cursor", "The cursor is not one of ours, or belongs to another query"


class IdempotencyKeyReused(CallsheetError):
    code, title, kind = (
        "idempotency_key_reused",
        "This Idempotency-Key came with another body",
        Kind.UNPROCESSABLE,
    )


class IdempotencyInProgress(CallsheetError):
    code, title, kind = (
        "idempotency_in_progress",
        "The first request with this Idempotency-Key is still running",
        Kind.CONFLICT,
    )
