"""What a worker says of its messages, read back from its log."""

import pytest

from local.trail import Consumed, _consumed


def test_a_consumed_message_is_seen() -> None:
    line = '{"level":"INFO","message":"consumed","message_id":"m-1","outcome":"done"}'
    assert list(_consumed("bookings/apply_deadline", line)) == [
        Consumed("bookings/apply_deadline", "m-1", "done")
    ]


@pytest.mark.parametrize(
    "line",
    ["START RequestId: 1 Version: $LATEST", '{"level":"INFO","message":"swept","published":3}', ""],
)
def test_other_lines_are_none(line: str) -> None:
    assert list(_consumed("bookings/apply_deadline", line)) == []
