"""What a failed field shows, and what it does not."""

import pytest
from graphql import GraphQLError
from pydantic import BaseModel, ValidationError

from callsheet.graphql.errors import format_error
from callsheet.kernel.errors import CallsheetError, RateLimited


class _Command(BaseModel):
    amount: int


def test_a_limit_says_when_to_come_back() -> None:
    error = GraphQLError("x", original_error=RateLimited(retry_after_seconds=7))
    extensions = format_error(error, "c-1")["extensions"]
    assert extensions == {"code": "rate_limited", "retryAfterSeconds": 7, "correlationId": "c-1"}


def test_a_command_that_does_not_validate_names_the_field_and_never_the_value() -> None:
    with pytest.raises(ValidationError) as caught:
        _Command.model_validate({"amount": "4000-0000-0000-0002"})
    shown = format_error(GraphQLError("x", original_error=caught.value), "c-1")
    assert "amount" in str(shown["message"])
    assert "4000" not in str(shown)


def test_a_bare_internal_error_says_nothing_but_its_code() -> None:
    shown = format_error(GraphQLError("secret", original_error=KeyError("secret")), "c-1")
    assert shown["message"] == CallsheetError.title
    assert "secret" not in str(shown)
