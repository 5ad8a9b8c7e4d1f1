"""What becomes of a profile's bookings is counted once each, and moves how reliable it is found."""

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from callsheet.catalogue.conduct_store import stored_conduct
from callsheet.catalogue.count_conduct import HeardOf, count_conduct
from callsheet.catalogue.counting import RECOUNT
from callsheet.catalogue.deps import CatalogueDeps
from callsheet.catalogue.recount_conduct import recount_conduct
from callsheet.kernel.ids import new_id
from callsheet.kernel.principal import system
from callsheet.platform.records import EventItem
from callsheet.platform.transaction import AlreadyConsumed
from functions.catalogue.count_conduct import handler
from functions.catalogue.recount_conduct import handler as recounts
from tests.support.stage import MovedClock, Stage, due_items

PROFILE = "prf_01JTX0000000000000000000A1"
COUNTER = system("catalogue.count_conduct")
NOON = datetime.fromisoformat("2026-03-02T12:00:00+00:00")


def told(name: str, at: datetime = NOON, **payload: str) -> HeardOf:
    """What an event says; one of its own each time."""
    about = {"profile_id": PROFILE, "booking_id": new_id("bkg"), **payload}
    return HeardOf.model_validate(
        {"event_id": new_id("evt"), "name": name, "occurred_at": at, "payload": about}
    )


def hear(clock: MovedClock, *events: HeardOf) -> None:
    for heard in events:
        with suppress(AlreadyConsumed):
            count_conduct(heard, COUNTER, CatalogueDeps(clock=clock))


def rates(profile_id: str = PROFILE) -> tuple[int, int]:
    """Of disputes and of cancellations, in hundredths of a per cent."""
    stored = stored_conduct(profile_id)
    assert stored is not None
    return stored.document.rates


def changes(profile_id: str = PROFILE) -> int:
    """How often the rest was told that a rate is another."""
    return [item.document.name for item in EventItem.query(profile_id)].count("profile.conduct_changed")


@pytest.fixture
def noon(tables: None) -> MovedClock:
    return MovedClock(NOON)


def recount(clock: MovedClock, days: int) -> None:
    """So many days pass, and each what has become due is done."""
    for _ in range(days):
        clock.moment += timedelta(days=1)
        for item in due_items(clock.moment):
            item.delete()
            recount_conduct(item.subject, COUNTER, CatalogueDeps(clock=clock))


def test_a_provider_who_calls_off_what_they_had_accepted_is_counted_and_a_client_is_not(tables: None) -> None:
    stage = Stage()
    bookings = [stage.accepted(in_hours=100 + 10 * number) for number in range(4)]
    stage.cancel(bookings[0], stage.pavel.user)
    stage.cancel(bookings[1], stage.pavel.user)
    stage.cancel(bookings[2])
    declined = stage.decline(stage.book(in_hours=200))
    wanted = {"booking.accepted", "booking.cancelled"}
    events = [item for one in (*bookings, declined) for item in EventItem.query(one.id)]
    for item in events:
        if item.document.name in wanted:
            hear(stage.clock, HeardOf.model_validate(item.document.model_dump(mode="json")))
    assert rates(stage.pavel.profile_id) == (0, 5_000)


def test_messages_in_any_order_and_any_number_count_each_thing_once(noon: MovedClock) -> None:
    bookings = [new_id("bkg") for _ in range(20)]
    messages = [
        *(told("booking.accepted", booking_id=one) for one in bookings),
        *(told("booking.cancelled", booking_id=one, reason="provider") for one in bookings[:2]),
        *(told("booking.cancelled", booking_id=one, reason="client") for one in bookings[2:5]),
        *(told("dispute.opened", booking_id=bookings[9], dispute_id=f"dp_{one}") for one in "abc"),
        told("dispute.won", booking_id=bookings[9], dispute_id="dp_a"),
    ]
    shuffled = [*messages, *messages]
    Random(7).shuffle(shuffled)
    hear(noon, *shuffled)
    assert rates() == (1_000, 1_000), "of three disputes one was won"


def test_one_mishap_is_no_rate_and_nobody_is_told_where_none_is_another(noon: MovedClock) -> None:
    hear(
        noon, told("booking.accepted"), told("booking.cancelled", reason="provider"), told("booking.accepted")
    )
    assert (rates(), changes()) == ((0, 0), 0)
    hear(noon, told("booking.cancelled", reason="provider"))
    assert (rates(), changes()) == ((0, 10_000), 1)


def test_what_is_too_old_counts_no_longer_though_nothing_happens(noon: MovedClock) -> None:
    hear(
        noon,
        *(told("booking.accepted") for _ in range(10)),
        *(told("booking.cancelled", reason="provider") for _ in range(2)),
        *(told("dispute.opened", dispute_id=f"dp_{one}") for one in "abc"),
    )
    assert rates() == (3_000, 2_000)
    recount(noon, 29)
    assert (rates(), len(due_items(noon.moment + timedelta(days=1)))) == ((3_000, 2_000), 1)
    recount(noon, 1)
    assert rates() == (0, 2_000)
    recount(noon, 60)
    assert (rates(), changes()) == ((0, 0), 5)
    assert due_items(noon.moment + timedelta(days=2)) == [], "nobody looks where nothing counts"


def test_a_look_that_comes_twice_arranges_one(noon: MovedClock) -> None:
    hear(noon, told("booking.cancelled", reason="provider"))
    (item,) = due_items(noon.moment + timedelta(days=1))
    noon.moment += timedelta(days=1)
    deps = CatalogueDeps(clock=noon)
    assert [recount_conduct(item.subject, COUNTER, deps) for _ in range(2)] == [True, False]
    assert len(due_items(noon.moment + timedelta(days=1))) == 2, "the one that was due, and the next"


def test_the_handlers_speak_for_the_use_cases(tables: None) -> None:
    def message(name: str, detail: Mapping[str, object]) -> dict[str, str]:
        body = {"id": new_id("bus"), "detail-type": name, "detail": detail}
        return {"messageId": new_id("sqs"), "body": json.dumps(body)}

    heard = told("booking.accepted", datetime.now(UTC)).model_dump(mode="json")
    late = {"kind": RECOUNT, "subject": PROFILE, "due_at": "2026-03-02T00:05:00.000000Z"}
    assert handler({"Records": [message("booking.accepted", heard)] * 2}, None) == {"batchItemFailures": []}
    assert recounts({"Records": [message(f"due.{RECOUNT}", late)]}, None) == {"batchItemFailures": []}
    stored = stored_conduct(PROFILE)
    assert stored is not None
    assert list(stored.document.accepted.values()) == [1]
