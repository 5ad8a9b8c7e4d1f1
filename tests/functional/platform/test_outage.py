"""Forty bookings at once met a table that took longer than two seconds: they were told of a bug, not to try again."""

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError, ReadTimeoutError
from graphql import GraphQLError
from pynamodb.exceptions import GetError

from callsheet.graphql.errors import format_error
from callsheet.http.problems import STATUS
from callsheet.platform.outage import outage_in

_LATE = ReadTimeoutError(endpoint_url="http://tables")


@pytest.mark.parametrize("error", [_LATE, ConnectTimeoutError(endpoint_url="x"), GetError(cause=_LATE)])
def test_what_does_not_answer_is_unavailable_and_may_be_tried_again(error: Exception) -> None:
    outage = outage_in(error)
    assert outage is not None
    assert (STATUS[outage.kind], outage.retry_after_seconds) == (503, 1)
    told = format_error(GraphQLError("late", original_error=error), "req-1")
    assert told["extensions"] == {"code": "unavailable", "correlationId": "req-1", "retryAfterSeconds": 1}


@pytest.mark.parametrize(
    "error", [None, RuntimeError("bug"), GetError(cause=ClientError({"Error": {"Code": "X"}}, "GetItem"))]
)
def test_an_answer_that_we_do_not_understand_is_no_outage(error: Exception | None) -> None:
    assert outage_in(error) is None
