"""Somebody keeps profiles: once each, theirs alone to see, the newest first."""

from dataclasses import dataclass

import pytest

from callsheet.catalogue.deps import ListingDeps
from callsheet.catalogue.list_favourites import list_favourites
from callsheet.kernel.ids import new_id
from callsheet.kernel.page import Cursors, PageQuery
from callsheet.kernel.principal import Principal
from tests.support.calls import calls
from tests.support.gateway import Answer, Caller, Gateway
from tests.support.stage import MovedClock, Provider, a_provider

KEPT = "/v1/me/favourites"


@dataclass(frozen=True, slots=True)
class Fan:
    """Somebody who keeps profiles."""

    gateway: Gateway
    user: Caller

    def ask(self, method: str, path: str) -> Answer:
        return self.gateway.call(method, path, user=self.user)

    def keep(self, profile_id: str) -> dict[str, object]:
        answer = self.ask("PUT", f"{KEPT}/{profile_id}")
        assert answer.status == 200, answer.body
        return answer.json()

    def items(self, query: str = "") -> list[dict[str, object]]:
        items = self.ask("GET", KEPT + query).json()["items"]
        assert isinstance(items, list)
        return items

    def kept(self) -> list[object]:
        return [item["profile_id"] for item in self.items()]


@pytest.fixture
def felix(tables: None) -> Fan:
    return Fan(Gateway(), Caller(groups=("fan",)))


def some_providers(count: int) -> list[Provider]:
    clock = MovedClock()
    return [a_provider(clock, is_onboarded=False) for _ in range(count)]


def test_what_is_kept_is_listed_the_newest_first_as_cards(felix: Fan) -> None:
    first, second = some_providers(2)
    felix.keep(first.profile_id)
    told = felix.keep(second.profile_id)
    newest, oldest = felix.items()
    assert newest == told
    assert (newest["profile_id"], oldest["profile_id"]) == (second.profile_id, first.profile_id)
    card = newest["profile"]
    assert isinstance(card, dict)
    assert (card["title"], card["headline"]) == ("Photographer", "Daylight and patience")
    assert card["rating"] == {"reviews": 0, "stars": 0, "average": None}


def test_keeping_twice_and_letting_go_twice_is_the_same_as_once(felix: Fan) -> None:
    (one,) = some_providers(1)
    assert felix.keep(one.profile_id) == felix.keep(one.profile_id)
    assert felix.kept() == [one.profile_id]
    for _ in range(2):
        assert felix.ask("DELETE", f"{KEPT}/{one.profile_id}").status == 204
    assert felix.kept() == []


def test_favourites_come_in_pages(felix: Fan) -> None:
    profile_ids = [provider.profile_id for provider in some_providers(3)]
    for profile_id in profile_ids:
        felix.keep(profile_id)
    first = felix.ask("GET", f"{KEPT}?limit=2").json()
    rest = felix.items(f"?limit=2&cursor={first['next_cursor']}")
    pages = [*felix.items("?limit=2"), *rest]
    assert [item["profile_id"] for item in pages] == profile_ids[::-1]
    other = Fan(felix.gateway, Caller())
    stolen = other.ask("GET", f"{KEPT}?limit=2&cursor={first['next_cursor']}")
    assert stolen.json()["code"] == "invalid_cursor"


def test_nobody_sees_what_others_keep(felix: Fan) -> None:
    (one,) = some_providers(1)
    felix.keep(one.profile_id)
    other = Fan(felix.gateway, Caller(groups=("fan",)))
    assert other.kept() == []
    assert other.ask("DELETE", f"{KEPT}/{one.profile_id}").status == 204
    assert felix.kept() == [one.profile_id]
    assert felix.gateway.call("GET", KEPT).status == 401


def test_what_is_a_draft_again_stays_kept_and_shows_nothing(felix: Fan) -> None:
    (one,) = some_providers(1)
    felix.keep(one.profile_id)
    owner = Caller.named(one.user.id, "provider")
    felix.gateway.call("POST", f"/v1/profiles/{one.profile_id}/unpublish", user=owner)
    assert [(item["profile_id"], item["profile"]) for item in felix.items()] == [(one.profile_id, None)]
    other = Fan(felix.gateway, Caller())
    assert other.ask("PUT", f"{KEPT}/{one.profile_id}").json()["code"] == "profile_not_found"
    assert other.kept() == []


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_what_is_no_profile_is_not_found(felix: Fan, method: str) -> None:
    for nothing in (new_id("usr"), "x", "x" * 3000):
        assert felix.ask(method, f"{KEPT}/{nothing}").json()["code"] == "profile_not_found"
    assert felix.ask("PUT", f"{KEPT}/{new_id('prf')}").json()["code"] == "profile_not_found"
    assert felix.kept() == []


def test_a_page_is_one_query_and_one_batch_read(felix: Fan) -> None:
    for provider in some_providers(3):
        felix.keep(provider.profile_id)
    deps = ListingDeps(clock=MovedClock(), cursors=lambda: Cursors("secret"))
    with calls() as made:
        assert len(list_favourites(PageQuery(), Principal(felix.user.user_id), deps).items) == 3
    assert made == ["Query", "BatchGetItem"]
