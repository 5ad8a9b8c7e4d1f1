"""Somebody keeps searches: under names of their own, so many and no more, theirs alone to see."""

from urllib.parse import parse_qsl

import pytest
from pydantic import JsonValue

from callsheet.search.matching import ALERT_SHARDS
from callsheet.search.saved import MOST_SAVED
from callsheet.search.saved_store import alerts_in
from tests.support.calls import calls
from tests.support.gateway import Answer, Caller, Gateway

SAVED = "/v1/me/searches"
PORTRAITS = "q=portraits&latitude=45.52&longitude=-122.68&roles=photographer,model"


@pytest.fixture
def carla(tables: None) -> Caller:
    return Caller(groups=("client",))


def ask(user: Caller, method: str, path: str = SAVED, **body: JsonValue) -> Answer:
    return Gateway().call(method, path, body=body or None, user=user)


def save(user: Caller, name: str, query: str = PORTRAITS, *, is_alerting: bool = True) -> Answer:
    return ask(user, "POST", name=name, query=query, is_alerting=is_alerting)


def names(user: Caller) -> list[object]:
    items = ask(user, "GET").json()["items"]
    assert isinstance(items, list)
    return [item["name"] for item in items]


def alerting() -> set[str]:
    return {alert.id for shard in range(ALERT_SHARDS) for alert in alerts_in(shard, None, 100)}


def test_what_is_saved_is_listed_as_it_was_asked_oldest_first(carla: Caller) -> None:
    first = save(carla, "Portraits nearby")
    assert first.status == 201
    save(carla, "Second")
    assert names(carla) == ["Portraits nearby", "Second"]
    items = ask(carla, "GET").json()["items"]
    assert isinstance(items, list)
    assert items[0] == first.json()
    assert first.json()["query"] == PORTRAITS
    typed = "limit=50&instant_booking=true&min_rating=4.5&city=S%C3%A3o+Paulo%2C+SP&sort=rating"
    kept = str(save(carla, "Third", typed).json()["query"])
    assert dict(parse_qsl(kept)) == {
        "instant_booking": "true", "min_rating": "4.5", "city": "São Paulo, SP", "sort": "rating",
    }  # fmt: skip
    assert Gateway().call("GET", f"/v1/search/people?{kept}").json()["degraded"] is True, (
        "it can be searched with: there is no engine"
    )
    assert names(Caller()) == []


def test_what_could_not_be_searched_with_is_not_saved_either(carla: Caller) -> None:
    cases = [
        ("latitude=1", "invalid_filter", "longitude"),
        ("q=a&sort=distance", "invalid_filter", "sort"),
        ("max_price_minor=5", "invalid_filter", "currency"),
        ("limit=50", "invalid_filter", "query"),
        ("q=a&cursor=x", "invalid_filter", "query.cursor"),
        ("q=a&facets=role", "invalid_filter", "query.facets"),
        ("q=a&explain=true", "invalid_filter", "query.explain"),
        ("q=*", "invalid_request", None),  # everybody
        ("roles=plumber", "invalid_request", None),
        ("colour=red", "invalid_request", None),
        ("q=a&q=b", "invalid_request", None),
        ("q", "invalid_request", None),
        ("q=" + "a" * 2_000, "invalid_request", None),
    ]
    for query, code, field in cases:
        refused = save(carla, "No", query)
        assert (refused.status, refused.json()["code"], refused.json().get("field")) == (400, code, field), (
            query
        )
    assert ask(carla, "POST", name="No", query={"q": "a"}).status == 400
    assert (names(carla), alerting()) == ([], set())


def test_a_name_is_given_once_and_so_many_searches_are_kept(carla: Caller) -> None:
    for number in range(MOST_SAVED - 1):
        assert save(carla, f"Search {number}").status == 201
    taken = save(carla, "SEARCH 3")
    assert (taken.status, taken.json()["code"]) == (409, "saved_search_name_taken")
    assert save(carla, "The last").status == 201
    full = save(carla, "One more")
    assert (full.status, full.json()["code"], full.json()["maximum"]) == (
        409,
        "too_many_saved_searches",
        MOST_SAVED,
    )
    assert len(names(carla)) == len(alerting()) == MOST_SAVED
    assert save(Caller(), "Search 3").status == 201, "somebody else's names are no concern of theirs"


def test_a_search_gets_another_name_is_silenced_and_alerts_again(carla: Caller) -> None:
    one = f"{SAVED}/{save(carla, 'One').json()['id']}"
    save(carla, "Two")
    assert ask(carla, "PATCH", one, name="Uno").json()["name"] == "Uno"
    refused = ask(carla, "PATCH", one, name="two")
    assert (refused.status, refused.json()["code"]) == (409, "saved_search_name_taken")
    assert names(carla) == ["Uno", "Two"]
    assert ask(carla, "PATCH", one, is_alerting=False).json()["is_alerting"] is False
    assert len(alerting()) == 1
    assert ask(carla, "PATCH", one, is_alerting=True).json()["is_alerting"] is True
    assert len(alerting()) == 2
    with calls() as made:
        assert ask(carla, "PATCH", one, name="Uno").status == 200
    assert "TransactWriteItems" not in [str(call) for call in made]


def test_one_that_is_saved_silent_is_never_gone_through(carla: Caller) -> None:
    assert save(carla, "Quiet", is_alerting=False).status == 201
    assert alerting() == set()


def test_what_is_deleted_is_gone_and_its_name_is_free(carla: Caller) -> None:
    one = f"{SAVED}/{save(carla, 'One').json()['id']}"
    assert ask(carla, "DELETE", one).status == 204
    assert (names(carla), alerting()) == ([], set())
    again = ask(carla, "DELETE", one)
    assert (again.status, again.json()["code"]) == (404, "saved_search_not_found")
    assert save(carla, "One").status == 201


def test_nobody_else_changes_or_deletes_it(carla: Caller) -> None:
    one = f"{SAVED}/{save(carla, 'One').json()['id']}"
    for method, body in (("PATCH", {"name": "Mine"}), ("DELETE", {})):
        refused = ask(Caller(groups=("admin",)), method, one, **body)
        assert (refused.status, refused.json()["code"]) == (404, "saved_search_not_found")
    assert names(carla) == ["One"]
    assert len(alerting()) == 1


def test_a_request_that_comes_twice_saves_once(carla: Caller) -> None:
    body: dict[str, JsonValue] = {"name": "One", "query": PORTRAITS}
    answers = [
        Gateway().call("POST", SAVED, body=body, user=carla, headers={"idempotency-key": "k-1"})
        for _ in range(2)
    ]
    assert [answer.status for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert names(carla) == ["One"]
