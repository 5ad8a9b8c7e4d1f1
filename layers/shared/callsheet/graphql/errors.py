"""Errors as GraphQL callers see them: the stable code in `extensions`, and nothing of our inside."""

import logging
from collections.abc import Mapping

from graphql import GraphQLError
from pydantic import ValidationError

from callsheet.http.request import invalid
from callsheet.kernel.errors import CallsheetError, Detail, InvalidRequest, Kind
from callsheet.platform.outage import outage_in

logger = logging.getLogger(__name__)


class InvalidDocument(InvalidRequest):
    code, title = "invalid_document", "The GraphQL document does not fit the schema"


class TooComplex(InvalidRequest):
    code, title = "too_complex", "The GraphQL document asks for more than one request may"


def refusal_of(error: GraphQLError) -> CallsheetError:
    """The typed error behind `error`; anything unforeseen becomes a bare internal error."""
    cause = error.original_error
    match cause:
        case CallsheetError():
            return cause
        case ValidationError():
            return invalid(cause)
        case None:
            return InvalidDocument(error.message)
        case GraphQLError():
            return InvalidDocument(cause.message)
        case _:
            return outage_in(cause) or CallsheetError()


def format_error(error: GraphQLError, correlation_id: str) -> dict[str, object]:
    """One entry of the answer's `errors`; what nobody foresaw is logged with its traceback and masked."""
    refusal = refusal_of(error)
    if refusal.kind is Kind.INTERNAL or outage_in(error.original_error) is not None:
        logger.error("graphql_field_failed", exc_info=error.original_error, extra={"path": error.path})
    entry: dict[str, object] = {
        "message": refusal.detail,
        "extensions": _extensions(refusal, correlation_id),
    }
    if error.locations:
        entry["locations"] = [{"line": place.line, "column": place.column} for place in error.locations]
    if error.path is not None:
        entry["path"] = list(error.path)
    return entry


def _extensions(refusal: CallsheetError, correlation_id: str) -> Mapping[str, Detail]:
    retry: dict[str, Detail] = {}
    if refusal.retry_after_seconds is not None:
        retry["retryAfterSeconds"] = refusal.retry_after_seconds
    return {**refusal.extra, **retry, "code": refusal.code, "correlationId": correlation_id}
