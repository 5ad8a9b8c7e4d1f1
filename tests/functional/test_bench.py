"""The benchmark of warm requests measures our code and the clients against answers it has written down."""

from bench.requests import measured


def test_what_is_measured_is_answered_from_the_tape_call_by_call() -> None:
    """Calls that went past the tape once were made for real, round after round, until a limit refused them."""
    found = {row.name: row.calls for row in measured(rounds=12)}
    assert found["bookings.get_booking"] == ("GetItem", "UpdateItem", "BatchGetItem")
    assert found["bookings.create_booking"] == (
        *("GetItem", "UpdateItem", "BatchGetItem", "TransactWriteItems"),
        *("POST /v1/payment_intents", "TransactWriteItems"),
    )
