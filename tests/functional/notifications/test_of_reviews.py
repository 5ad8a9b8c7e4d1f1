"""Both sides hear of reviews: that one waits for theirs, and that they are read; never what they say."""

import json

import pytest

from callsheet.bookings.model import BookingView
from callsheet.kernel.principal import Principal
from callsheet.notifications.store import NotificationItem
from callsheet.platform.records import EventItem
from callsheet.reviews.store import ExchangeItem, exchange_key
from tests.functional.notifications.news import deliver, message_of
from tests.support.reviews import completed, say
from tests.support.stage import Stage


@pytest.fixture
def stage(tables: None) -> Stage:
    return Stage()


def hear(booking: BookingView) -> None:
    """The events of a booking's reviews come twice each, the last one first."""
    _, pk, sk = exchange_key(booking.id)
    exchange = ExchangeItem.get(pk, sk).document
    said = [one for one in (exchange.by_client, exchange.by_provider) if one is not None]
    events = [item.document for one in said for item in EventItem.query(one.id)]
    for event in sorted(events, key=lambda event: event.event_id, reverse=True) * 2:
        assert deliver(message_of(event)) == []
        assert "On time" not in json.dumps(event.model_dump(mode="json"))


def told(user: Principal, booking: BookingView) -> list[str]:
    """What somebody was told of a booking's reviews."""
    notes = NotificationItem.query(user.id)
    return [note.kind for note in notes if note.booking_id == booking.id and note.kind.startswith("review.")]


def test_the_other_side_is_told_that_a_review_waits_and_its_author_is_not(stage: Stage) -> None:
    booking = completed(stage)
    say(stage, booking, stage.carla, 4, "On time")
    hear(booking)
    assert told(stage.pavel.user, booking) == ["review.written"]
    assert told(stage.carla, booking) == []


def test_of_two_that_are_revealed_together_each_side_is_told_once(stage: Stage) -> None:
    booking = completed(stage)
    say(stage, booking, stage.carla, 4, "On time")
    say(stage, booking, stage.pavel.user, 5, "On time")
    hear(booking)
    assert sorted(told(stage.pavel.user, booking)) == ["review.revealed", "review.written"]
    assert told(stage.carla, booking) == ["review.revealed"]


def test_both_are_told_of_one_that_is_revealed_alone_and_one_of_the_answer(stage: Stage) -> None:
    booking = completed(stage)
    say(stage, booking, stage.pavel.user, 4, "On time")
    stage.advance(hours=14 * 24)
    hear(booking)
    assert told(stage.pavel.user, booking) == ["review.revealed"]
    assert told(stage.carla, booking) == ["review.written", "review.revealed"]
    say(stage, booking, stage.carla, 1, "On time")
    hear(booking)
    assert told(stage.pavel.user, booking) == ["review.revealed", "review.revealed"]
    assert told(stage.carla, booking) == ["review.written", "review.revealed"]
