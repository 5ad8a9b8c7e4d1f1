"""What each use case may cost, counted: calls to DynamoDB and to Stripe (architecture.md, "DynamoDB")."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import cast
from unittest.mock import patch

import pytest

from callsheet.bookings.get_booking import get_booking
from callsheet.bookings.get_timeline import get_timeline
from callsheet.bookings.list_bookings import list_bookings
from callsheet.bookings.model import BookingQuery, CreateBooking, QuoteBooking
from callsheet.bookings.quote_booking import quote_booking
from callsheet.kernel.page import PageQuery
from callsheet.kernel.principal import RequestKey
from callsheet.platform.table import connection
from tests.support.stage import Stage

READ, WRITE, QUERY = "BatchGetItem", "TransactWriteItems", "Query"


@contextmanager
def counting(stage: Stage) -> Iterator[list[str]]:
    """The operations that are called meanwhile, DynamoDB's and the payment provider's, in their order."""
    client, called = connection().client, stage.fake.calls
    call = client._make_api_call
    called.clear()

    def counted(operation: str, arguments: Mapping[str, object]) -> Mapping[str, object]:
        called.append(operation)
        return cast("Mapping[str, object]", call(operation, dict(arguments)))

    with patch.object(client, "_make_api_call", counted):
        yield called


def test_creating_reads_once_and_writes_once_before_stripe_and_once_after(stage: Stage) -> None:
    caller = replace(stage.carla, request_key=RequestKey("key", "body"))
    with counting(stage) as calls:
        stage.book(by=caller)
    assert calls == [READ, WRITE, "create_customer", "authorize", WRITE]
    with counting(stage) as calls:
        stage.book(by=stage.carla, in_hours=80)
    assert calls == [READ, WRITE, "authorize", WRITE]
    with counting(stage) as calls:
        stage.book(by=caller)
    assert calls == [READ]


def test_a_service_for_a_fortnight_costs_no_more_calls(stage: Stage) -> None:
    starts_at = stage.clock.now() + timedelta(hours=48)
    command = CreateBooking(
        provider_id=stage.pavel.profile_id, service_id=stage.pavel.service_id, payment_method="pm_card_visa",
        starts_at=starts_at, ends_at=starts_at + timedelta(days=14),
    )  # fmt: skip
    with counting(stage) as calls:
        stage.book(command)
    assert calls == [READ, WRITE, "create_customer", "authorize", WRITE]


def test_accepting_reads_once_claims_captures_and_records(stage: Stage) -> None:
    booking = stage.book()
    with counting(stage) as calls:
        stage.accept(booking)
    assert calls == [READ, WRITE, "capture", WRITE]


def test_ending_a_booking_reads_once_and_writes_around_stripe(stage: Stage) -> None:
    booking = stage.book()
    with counting(stage) as calls:
        stage.decline(booking)
    assert calls == [READ, WRITE, "cancel", WRITE]
    accepted = stage.accepted(in_hours=100)
    with counting(stage) as calls:
        stage.cancel(accepted)
    assert calls == [READ, WRITE, "refund", WRITE]


def test_completing_is_one_read_and_one_write(stage: Stage) -> None:
    booking = stage.accepted()
    stage.advance(hours=75)
    with counting(stage) as calls:
        stage.complete(booking)
    assert calls == [READ, WRITE]


@pytest.mark.parametrize("length", [0, 1, 5])
def test_a_list_is_one_query_and_at_most_one_batch_read(stage: Stage, length: int) -> None:
    for number in range(length):
        stage.book(in_hours=72 + 3 * number)
    with counting(stage) as calls:
        page = list_bookings(BookingQuery(), stage.carla, stage.deps)
    assert len(page.items) == length
    assert calls == [QUERY, READ][: 1 + bool(length)]


def test_looking_at_one_booking_is_one_read_and_its_timeline_one_query_more(stage: Stage) -> None:
    booking = stage.book()
    with counting(stage) as calls:
        get_booking(booking.id, stage.carla, stage.deps)
    assert calls == [READ]
    with counting(stage) as calls:
        get_timeline(booking.id, PageQuery(), stage.carla, stage.deps)
    assert calls == [READ, QUERY]


def test_a_quote_is_one_read(stage: Stage) -> None:
    with counting(stage) as calls:
        quote_booking(QuoteBooking(provider_id=stage.pavel.user.id, amount=100), stage.carla, stage.deps)
    assert calls == [READ]
