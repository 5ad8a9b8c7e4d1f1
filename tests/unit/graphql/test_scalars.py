"""DateTime in both directions."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from graphql import GraphQLError

from callsheet.graphql.scalars import parse_datetime, serialize_datetime


def test_a_moment_leaves_in_utc_with_a_z() -> None:
    east = timezone(timedelta(hours=2))
    assert serialize_datetime(datetime(2026, 5, 1, 12, tzinfo=east)) == "2026-05-01T10:00:00Z"


def test_a_naive_datetime_of_ours_is_refused() -> None:
    with pytest.raises(TypeError):
        serialize_datetime(datetime(2026, 5, 1))  # noqa: DTZ001 - naive is the point


@pytest.mark.parametrize("text", ["2026-05-01T12:00:00+02:00", "2026-05-01T10:00:00Z"])
def test_a_moment_arrives_with_any_offset(text: str) -> None:
    assert parse_datetime(text) == datetime(2026, 5, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize("value", ["2026-05-01T10:00:00", "tomorrow", "", 5, None, True])
def test_what_is_no_moment_is_refused(value: object) -> None:
    with pytest.raises(GraphQLError, match="RFC 3339"):
        parse_datetime(value)
