"""Typed errors as RFC 9457 problem documents: the one place where a kind becomes an HTTP status."""

import json
from collections.abc import Mapping

from callsheet.kernel.errors import CallsheetError, Kind

CONTENT_TYPE = "application/problem+json"

STATUS: Mapping[Kind, int] = {
    Kind.INVALID: 400,
    Kind.UNAUTHENTICATED: 401,
    Kind.PAYMENT: 402,
    Kind.FORBIDDEN: 403,
    Kind.MISSING: 404,
    Kind.CONFLICT: 409,
    Kind.GONE: 410,
    Kind.TOO_LARGE: 413,
    Kind.UNPROCESSABLE: 422,
    Kind.LIMITED: 429,
    Kind.INTERNAL: 500,
    Kind.UNAVAILABLE: 503,
}


def problem_body(error: CallsheetError, correlation_id: str) -> str:
    """The problem document as JSON. Members of `extra` never hide a member that RFC 9457 or we define."""
    members = {
        **error.extra,
        "type": f"urn:callsheet:problem:{error.code}",
        "title": error.title,
        "status": STATUS[error.kind],
        "detail": error.detail,
        "code": error.code,
        "correlation_id": correlation_id,
    }
    return json.dumps(members)


def problem_headers(error: CallsheetError) -> dict[str, str]:
    """`Retry-After`, in seconds, where the error says when another try makes sense."""
    if error.retry_after_seconds is None:
        return {}
    return {"Retry-After": str(error.retry_after_seconds)}
