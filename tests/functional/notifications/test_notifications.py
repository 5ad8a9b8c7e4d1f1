"""What the caller was told, over HTTP: pages, cursors, and having read it."""

from typing import cast

import pytest

from callsheet.kernel.clock import SystemClock
from callsheet.kernel.events import Envelope
from callsheet.kernel.ids import new_id
from callsheet.kernel.page import Cursors, PageQuery
from callsheet.kernel.principal import Principal
from callsheet.notifications.deps import NotificationsDeps
from callsheet.notifications.list_notifications import list_notifications
from callsheet.notifications.store import NotificationItem
from tests.functional.notifications.news import Parties, deliver, message_of
from tests.support.calls import calls
from tests.support.gateway import Answer, Caller, Gateway

PATH = "/v1/me/notifications"
type Shown = dict[str, object]


def listed(caller: Caller, query: str = "") -> tuple[list[Shown], str | None]:
    answer = Gateway().call("GET", f"{PATH}?{query}" if query else PATH, user=caller)
    assert answer.status == 200, answer.body
    page = answer.json()
    return cast("list[Shown]", page["items"]), cast("str | None", page["next_cursor"])


def read(caller: Caller, notification_id: str) -> Answer:
    return Gateway().call("POST", f"{PATH}/{notification_id}/read", user=caller)


def told(parties: Parties, times: int = 1) -> list[Envelope]:
    """Carla is told so many times; the events, the newest first."""
    events = [parties.accepted() for _ in range(times)]
    deliver(*(message_of(event) for event in events))
    return sorted(events, key=lambda event: event.event_id, reverse=True)


def ids_of(events: list[Envelope]) -> list[str]:
    return [f"ntf_{event.event_id[4:]}" for event in events]


def test_who_was_told_nothing_sees_an_empty_list(tables: None) -> None:
    assert listed(Caller()) == ([], None)


def test_a_notification_says_what_happened_to_which_booking(tables: None) -> None:
    parties = Parties()
    (event,) = told(parties)
    (shown,), cursor = listed(parties.carla)
    assert cursor is None
    assert shown == {
        "id": f"ntf_{event.event_id[4:]}",
        "kind": "booking.accepted",
        "booking_id": parties.booking_id,
        "occurred_at": "2026-03-02T12:00:00Z",
        "is_read": False,
        "saved_search_id": None,
        "profile_id": None,
    }


def test_pages_go_from_the_newest_to_the_oldest_and_miss_nothing(tables: None) -> None:
    parties = Parties()
    expected = ids_of(told(parties, times=5))
    found, cursor = listed(parties.carla, "limit=2")
    while cursor is not None:
        items, cursor = listed(parties.carla, f"limit=2&cursor={cursor}")
        found += items
    assert [item["id"] for item in found] == expected


def test_a_new_notification_does_not_move_the_next_page(tables: None) -> None:
    parties = Parties()
    before = ids_of(told(parties, times=3))
    _, cursor = listed(parties.carla, "limit=2")
    told(parties)
    rest, _ = listed(parties.carla, f"limit=2&cursor={cursor}")
    assert [item["id"] for item in rest] == before[2:]


def test_a_page_is_one_query(tables: None) -> None:
    parties = Parties()
    told(parties, times=3)
    deps = NotificationsDeps(clock=SystemClock(), cursors=lambda: Cursors("secret"))
    with calls() as made:
        page = list_notifications(PageQuery(limit=2), Principal(parties.carla.user_id), deps)
    assert made == ["Query"]
    assert len(page.items) == 2


def test_somebody_else_s_cursor_and_a_forged_one_are_refused(tables: None) -> None:
    parties = Parties()
    told(parties, times=3)
    _, cursor = listed(parties.carla, "limit=1")
    assert cursor is not None
    for caller, given in [(parties.pavel, cursor), (parties.carla, cursor[:-2]), (parties.carla, "AAAA")]:
        answer = Gateway().call("GET", f"{PATH}?cursor={given}", user=caller)
        assert (answer.status, answer.json()["code"]) == (400, "invalid_cursor")


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=many", "page=2", "cursor=x&cursor=y"])
def test_a_query_that_is_not_in_the_contract_is_refused(tables: None, query: str) -> None:
    answer = Gateway().call("GET", f"{PATH}?{query}", user=Caller())
    assert (answer.status, answer.json()["code"]) == (400, "invalid_request")


def test_what_was_read_stays_read_however_often_it_is_said(tables: None) -> None:
    parties = Parties()
    first, second = ids_of(told(parties, times=2))
    for _ in range(3):
        answer = read(parties.carla, first)
        assert (answer.status, answer.body) == (204, "")
    assert [(item["id"], item["is_read"]) for item in listed(parties.carla)[0]] == [
        (first, True),
        (second, False),
    ]


def test_having_read_it_changes_nothing_else(tables: None) -> None:
    parties = Parties()
    (event,) = told(parties)
    (before,) = NotificationItem.query(parties.carla.user_id)
    read(parties.carla, f"ntf_{event.event_id[4:]}")
    (after,) = NotificationItem.query(parties.carla.user_id)
    assert before.serialize() | {"is_read": {"BOOL": True}} == after.serialize()


@pytest.mark.parametrize("named", ["ntf_1", "booking", f"evt_{new_id('ntf')[4:]}", "NOTE%23", new_id("ntf")])
def test_what_nobody_was_told_of_is_not_found_and_not_made(tables: None, named: str) -> None:
    carla = Caller()
    answer = read(carla, named)
    assert (answer.status, answer.json()["code"]) == (404, "not_found")
    assert list(NotificationItem.query(carla.user_id)) == []


def test_somebody_else_s_notification_is_not_found_and_stays_unread(tables: None) -> None:
    parties = Parties()
    (notification_id,) = ids_of(told(parties))
    answer = read(parties.pavel, notification_id)
    assert (answer.status, answer.json()["code"]) == (404, "not_found")
    assert [item["is_read"] for item in listed(parties.carla)[0]] == [False]
    assert list(NotificationItem.query(parties.pavel.user_id)) == []


def test_nobody_is_told_anything_without_a_token(tables: None) -> None:
    assert Gateway().call("GET", PATH).status == 401
    assert Gateway().call("POST", f"{PATH}/{new_id('ntf')}/read").status == 401
