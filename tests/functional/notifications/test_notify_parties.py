"""Each event is told once, to whom it concerns, however often and by how many at a time it is delivered."""

import json
import logging
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest

from callsheet.notifications.store import NotificationItem
from callsheet.platform.read import get_together
from callsheet.platform.records import EventItem, InboxItem
from functions.notifications.notify_parties import handler
from functions.notifications.routes import ROUTES
from tests.functional.notifications.news import Parties, deliver, message_of
from tests.support.calls import calls
from tests.support.gateway import Caller, Gateway
from tests.support.stage import Stage

SUBSCRIBED = next(row.events for row in ROUTES if row.name == "notify_parties")  # type: ignore[union-attr]  # a Worker
_SAMPLE = Path(__file__).parents[3] / "events/samples/notifications.notify_parties.json"


def told(user_id: str) -> list[str]:
    return [item.kind for item in NotificationItem.query(user_id)]


def outcomes(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [vars(record)["outcome"] for record in caplog.records if record.message == "consumed"]


def test_the_client_is_told_that_the_booking_was_accepted(tables: None) -> None:
    parties = Parties()
    event = parties.accepted()
    assert deliver(message_of(event)) == []
    (item,) = NotificationItem.query(parties.carla.user_id)
    assert (item.sk, item.kind, item.booking_id) == (
        f"NOTE#{event.event_id}",
        "booking.accepted",
        parties.booking_id,
    )
    assert (item.occurred_at, item.is_read) == ("2026-03-02T12:00:00.000000Z", False)
    assert told(parties.pavel.user_id) == []


def test_a_provider_is_told_once_that_they_cannot_be_paid_and_it_is_about_no_booking(tables: None) -> None:
    parties = Parties()
    event = parties.restricted()
    assert deliver(message_of(event), message_of(event)) == []
    assert told(parties.pavel.user_id) == ["payout_account.restricted"]
    page = Gateway().call("GET", "/v1/me/notifications", user=parties.pavel).json()
    (note,) = json.loads(json.dumps(page["items"]))
    assert (note["kind"], note["booking_id"]) == ("payout_account.restricted", None)
    assert told(parties.carla.user_id) == []


def test_a_notification_is_kept_for_ninety_days_and_holds_no_more_than_ids(tables: None) -> None:
    parties = Parties()
    deliver(message_of(parties.accepted()))
    (item,) = NotificationItem.query(parties.carla.user_id)
    assert item.expires_at is not None
    left = datetime.fromtimestamp(item.expires_at, UTC) - datetime.now(UTC)
    assert timedelta() <= timedelta(days=90) - left < timedelta(minutes=1)
    assert set(item.serialize()) == {
        *("pk", "sk", "version", "expires_at", "kind", "booking_id", "occurred_at", "is_read"),
    }


def test_both_are_told_of_what_an_admin_cancels_and_nobody_of_what_they_did_themself(tables: None) -> None:
    parties, adele = Parties(), Caller(groups=("admin",))
    deliver(message_of(parties.cancelled(by=adele)))
    assert told(parties.carla.user_id) == told(parties.pavel.user_id) == ["booking.cancelled"]
    deliver(message_of(parties.cancelled(by=parties.carla)))
    assert len(told(parties.carla.user_id)) == 1
    assert len(told(parties.pavel.user_id)) == 2


def test_telling_is_one_transaction(tables: None) -> None:
    parties = Parties()
    message = message_of(parties.cancelled(by=Caller()))
    with calls() as made:
        deliver(message)
    assert made == ["TransactWriteItems"]


def test_what_is_delivered_twice_is_told_once(tables: None, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    parties = Parties()
    message = message_of(parties.accepted())
    assert deliver(message, message) == []
    assert deliver(message) == []
    assert told(parties.carla.user_id) == ["booking.accepted"]
    assert outcomes(caplog) == ["done", "duplicate", "duplicate"]


def test_what_is_delivered_at_the_same_time_is_told_once(
    tables: None, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    parties, together = Parties(), Barrier(2)
    message = message_of(parties.cancelled(by=Caller()))

    def one_of_two(_number: int) -> list[str]:
        together.wait(timeout=10)
        return deliver(message)

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(one_of_two, range(2))) == [[], []]
    assert told(parties.carla.user_id) == told(parties.pavel.user_id) == ["booking.cancelled"]
    assert Counter(outcomes(caplog)) == {"done": 1, "duplicate": 1}


def test_a_replay_after_the_inbox_has_forgotten_leaves_what_was_read_as_read(tables: None) -> None:
    parties = Parties()
    event = parties.accepted()
    deliver(message_of(event))
    (item,) = NotificationItem.query(parties.carla.user_id)
    item.update([NotificationItem.is_read.set(True)])
    InboxItem("INBOX#notifications.notify_parties", event.event_id).delete()
    assert deliver(message_of(event)) == []
    assert [item.is_read for item in NotificationItem.query(parties.carla.user_id)] == [True]


def test_fields_that_others_have_added_are_passed_over(tables: None) -> None:
    parties = Parties()
    event = parties.accepted()
    richer = {"payload": {**event.payload, "mood": "good"}, "region": "eu", "version": 1}
    assert deliver(message_of(event, **richer)) == []
    assert told(parties.carla.user_id) == ["booking.accepted"]


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "booking.painted"},
        {"name": "booking.started"},
        {"event_id": "evt_1"},
        {"event_id": 7},
        {"payload": {}},
        {"payload": None},
        {
            "payload": {
                "booking_id": "bkg_01JTX0000000000000000000B1",
                "client_id": "carla@example.com",
                "provider_id": 3,
            }
        },
        {"actor": "somebody"},
        {"occurred_at": "2026-03-02T12:00:00"},
        {"occurred_at": "yesterday"},
    ],
    ids=repr,
)
def test_what_can_never_be_told_goes_to_the_dead_letters_and_holds_up_nobody(
    tables: None, caplog: pytest.LogCaptureFixture, changes: dict[str, object]
) -> None:
    caplog.set_level(logging.INFO)
    parties = Parties()
    bad, good = parties.accepted(), parties.accepted()
    assert deliver(message_of(bad, **changes), message_of(good)) == [bad.event_id]
    assert outcomes(caplog) == ["permanent", "done"]
    assert [item.sk for item in NotificationItem.query(parties.carla.user_id)] == [f"NOTE#{good.event_id}"]
    consumed = InboxItem("INBOX#notifications.notify_parties", bad.event_id)
    assert get_together([(InboxItem, consumed.pk, consumed.sk)]) == [None]


@pytest.mark.parametrize(
    "body", ["", "{", "null", "[]", '{"id": "1"}', '{"id":"1","detail-type":"x","detail":[]}']
)
def test_a_body_that_is_no_message_goes_to_the_dead_letters(tables: None, body: str) -> None:
    parties = Parties()
    poison = {"messageId": "m1", "body": body}
    assert deliver(poison, message_of(parties.accepted())) == ["m1"]
    assert told(parties.carla.user_id) == ["booking.accepted"]


def test_the_sample_event_is_consumed(tables: None) -> None:
    assert handler(json.loads(_SAMPLE.read_text()), None) == {"batchItemFailures": []}
    assert told("usr_01JBBBBBBBBBBBBBBBBBBBBBBB") == ["booking.accepted"]


def test_a_booking_s_own_events_are_understood_from_request_to_completion(tables: None) -> None:
    stage = Stage()
    booking = stage.accepted(in_hours=72)
    stage.advance(hours=75)
    stage.complete(booking)
    dropped = stage.book(in_hours=48)
    stage.cancel(dropped)
    events = [item.document for booked in (booking, dropped) for item in EventItem.query(booked.id)]
    known = [event for event in events if event.name in SUBSCRIBED]
    assert [event.name for event in known if deliver(message_of(event))] == []
    assert Counter(told(stage.pavel.user.id)) == {
        "booking.requested": 2,
        "booking.completed": 1,
        "booking.cancelled": 1,
    }
    assert told(stage.carla.id) == ["booking.accepted", "booking.ended"]
    assert {event.name for event in events} - set(SUBSCRIBED) == {  # what the consumer does not subscribe to
        *("booking.requested", "payment.captured", "payment.voided", "booking.started"),
    }
