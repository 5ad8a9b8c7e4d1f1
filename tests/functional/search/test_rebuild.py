"""A new index is built while people go on, verified, and takes the place of the old one between two searches."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

import pytest

from callsheet.catalogue.for_search import PUBLISHED_SHARDS, published_ids
from callsheet.gateways.indexing import Document
from callsheet.gateways.search_errors import SearchUnavailable
from callsheet.gateways.typesense_index import TypesenseIndex
from callsheet.kernel.errors import CallsheetError
from callsheet.kernel.ids import new_id
from callsheet.kernel.principal import Role, system
from callsheet.platform.records import DueItem
from callsheet.platform.stale import Stale
from callsheet.search.build_portion import build_portion
from callsheet.search.converge_index import converge_people
from callsheet.search.deps import IndexingDeps
from callsheet.search.errors import IndexUnverified, RebuildUnderWay
from callsheet.search.finish_rebuild import finish_rebuild
from callsheet.search.index_profiles import index_profiles
from callsheet.search.portions import BUILD, Portion
from callsheet.search.rebuild_index import rebuild_people
from functions.search.converge_index import handler as converge
from tests.functional.search.test_index_races import as_stored
from tests.support.gateway import Caller, Gateway
from tests.support.searching import Found, a_draft, a_profile, documents, indexed
from tests.support.stage import MovedClock, due_items, somebody

ADMIN = Caller(groups=("admin",))
CALLER = system("search.build_portion")


@dataclass(frozen=True, slots=True)
class Dull(TypesenseIndex):
    """An engine that loses what it is given into one collection."""

    loses: str = ""

    def put(self, collection: str, documents: Sequence[Document]) -> None:
        if collection != self.loses:
            TypesenseIndex().put(collection, documents)


def deps(engine: TypesenseIndex | None = None, clock: MovedClock | None = None) -> IndexingDeps:
    return IndexingDeps(clock=clock or MovedClock(), engine=engine or TypesenseIndex())


def run(item: DueItem, given: IndexingDeps) -> None:
    if item.kind == BUILD:
        build_portion(Portion.of(item.subject), CALLER, given)
    else:
        finish_rebuild(item.subject, CALLER, given)


def sweep(given: IndexingDeps, *, upto: int = 1000) -> None:
    """The next so many of what is due, and again what comes of it."""
    while upto and (found := due_items(given.clock.now())):
        for item in found[:upto]:
            item.delete()
            run(item, given)
            upto -= 1


def state() -> dict[str, object]:
    return Gateway().call("GET", "/v1/admin/search/people", user=ADMIN).json()


@pytest.fixture
def three(engine: str) -> Sequence[Found]:
    profiles = (a_profile(), a_profile("model", "Petra"), a_profile("editor", "Emil"))
    indexed(*profiles)
    return profiles


def test_a_rebuild_shows_how_far_it_is_and_then_takes_the_place_of_the_index_before(
    three: Sequence[Found],
) -> None:
    given = deps()
    rebuild_people(somebody(Role.ADMIN), given)
    begun = state()
    assert (begun["live"], begun["building"]) == ("people_0001", "people_0002")
    assert begun["rebuild"] == {
        "started_at": given.clock.now().isoformat().replace("+00:00", "Z"),
        "shards_done": 0,
        "shards": 8,
        "documents": 0,
    }
    sweep(given, upto=8)
    built = state()["rebuild"]
    assert isinstance(built, dict)
    assert (built["shards_done"], built["documents"]) == (8, 3)
    assert TypesenseIndex().aliased("people") == "people_0001", "not before it is verified"
    sweep(given)
    ended = state()
    assert (ended["live"], ended["building"], ended["rebuild"]) == ("people_0002", None, None)
    assert documents() == as_stored(*three)
    assert list(TypesenseIndex().export("people_0002", ("id",)))
    with pytest.raises(CallsheetError):
        list(TypesenseIndex().export("people_0001", ("id",)))


def test_what_changes_while_it_is_built_is_in_the_new_index_and_what_is_gone_is_not(
    three: Sequence[Found],
) -> None:
    pavel, petra, emil = three
    given = deps()
    rebuild_people(somebody(Role.ADMIN), given)
    pavel.change(title="Before its shard is written")
    sweep(given, upto=8)
    petra.unpublish()
    emil.change(title="After its shard was written")
    newcomer = a_profile("stylist", "Nobody has heard of")
    index_profiles([petra.id, emil.id, newcomer.id], CALLER, given)
    sweep(given)
    assert documents() == as_stored(*three, newcomer)
    assert set(documents()) == {pavel.id, emil.id, newcomer.id}


def test_what_no_message_told_of_is_mended_before_the_new_index_is_searched(three: Sequence[Found]) -> None:
    pavel, petra, _ = three
    given = deps()
    rebuild_people(somebody(Role.ADMIN), given)
    sweep(given, upto=8)
    pavel.change(title="Lost on the way")
    petra.unpublish()
    sweep(given)
    assert documents() == as_stored(*three)
    check = state()["last_check"]
    assert isinstance(check, dict)
    assert (check["documents"], check["stale"], check["extra"]) == (2, 1, 1)


def test_an_index_that_does_not_hold_what_it_was_given_never_takes_the_place(
    three: Sequence[Found], monkeypatch: pytest.MonkeyPatch
) -> None:
    more = [a_profile("stylist", f"Stylist {number}") for number in range(9)]
    index_profiles([profile.id for profile in more], CALLER, deps())
    given = deps(Dull("people_0002"))
    rebuild_people(somebody(Role.ADMIN), given)
    before = documents()
    with pytest.raises(IndexUnverified):
        sweep(given)
    assert TypesenseIndex().aliased("people") == "people_0001"
    assert documents() == before


def test_a_portion_that_comes_twice_or_after_the_rebuild_does_no_harm(three: Sequence[Found]) -> None:
    given = deps()
    rebuild_people(somebody(Role.ADMIN), given)
    begun = due_items(given.clock.now())
    for item in (*begun, *begun):
        run(item, given)
    sweep(given)
    assert documents() == as_stored(*three)
    assert build_portion(Portion("people_0002", 0), CALLER, given) is False
    assert finish_rebuild("people_0002", CALLER, given) is False


def test_a_portion_goes_on_behind_the_profile_where_the_one_before_stopped(three: Sequence[Found]) -> None:
    given = deps()
    rebuild_people(somebody(Role.ADMIN), given)
    for shard in range(PUBLISHED_SHARDS):
        ids = published_ids(shard, None, 10)
        for number, profile_id in enumerate(ids):
            assert published_ids(shard, profile_id, 10) == ids[number + 1 :]
        if ids:
            portion = Portion("people_0002", shard, ids[-1])
            assert Portion.of(portion.subject) == portion
            build_portion(portion, CALLER, given)
    assert list(TypesenseIndex().export("people_0002", ("id",))) == []


def test_one_rebuild_at_a_time_and_one_that_nobody_finishes_is_given_up_after_a_day(
    three: Sequence[Found],
) -> None:
    clock = MovedClock()
    given = deps(clock=clock)
    rebuild_people(somebody(Role.ADMIN), given)
    with pytest.raises(RebuildUnderWay):
        rebuild_people(somebody(Role.ADMIN), given)
    converge_people(CALLER, given)
    assert state()["building"] == "people_0002"
    clock.moment = clock.moment.replace(day=clock.moment.day + 2)
    converge_people(CALLER, given)
    assert (state()["live"], state()["building"]) == ("people_0001", None)
    assert rebuild_people(somebody(Role.ADMIN), given).building == "people_0003"


@dataclass(frozen=True, slots=True)
class Interrupted(TypesenseIndex):
    """An engine beside which something else happens, once, right before the alias moves or a collection goes."""

    meanwhile: list[Callable[[], object]]
    on_point: bool = False
    on_drop: bool = False

    def point(self, alias: str, collection: str) -> None:
        if self.on_point and self.meanwhile:
            self.meanwhile.pop()()
        TypesenseIndex().point(alias, collection)

    def drop(self, collection: str) -> None:
        if self.on_drop and self.meanwhile:
            self.meanwhile.pop()()
        TypesenseIndex().drop(collection)


def two_days_old_rebuild(three: Sequence[Found]) -> MovedClock:
    """Written, and neither finished nor given up."""
    clock = MovedClock()
    rebuild_people(somebody(Role.ADMIN), deps(clock=clock))
    sweep(deps(clock=clock), upto=8)
    clock.moment += timedelta(days=2)
    return clock


def test_a_rebuild_that_is_given_up_while_it_is_finished_leaves_an_index_to_search(
    three: Sequence[Found],
) -> None:
    clock = two_days_old_rebuild(three)
    late = Interrupted([lambda: converge_people(CALLER, deps(clock=clock))], on_point=True)
    with suppress(Stale):
        finish_rebuild("people_0002", CALLER, deps(late, clock))
    finish_rebuild("people_0002", CALLER, deps(clock=clock))
    assert documents() == as_stored(*three)
    assert state()["live"] == TypesenseIndex().aliased("people")


def test_a_rebuild_that_is_finished_while_it_is_given_up_leaves_an_index_to_search(
    three: Sequence[Found],
) -> None:
    clock = two_days_old_rebuild(three)
    late = Interrupted([lambda: finish_rebuild("people_0002", CALLER, deps(clock=clock))], on_drop=True)
    converge_people(CALLER, deps(late, clock))
    assert documents() == as_stored(*three)
    assert state()["live"] == TypesenseIndex().aliased("people")
    assert rebuild_people(somebody(Role.ADMIN), deps(clock=clock)).building == "people_0003"


def test_what_is_taken_back_while_the_alias_does_not_move_yet_is_gone_from_what_is_searched(
    three: Sequence[Found],
) -> None:
    given = deps()
    rebuild_people(somebody(Role.ADMIN), given)
    sweep(given, upto=8)

    def dies() -> None:
        raise SearchUnavailable

    with pytest.raises(SearchUnavailable):
        finish_rebuild("people_0002", CALLER, deps(Interrupted([dies], on_point=True)))
    three[0].unpublish()
    index_profiles([three[0].id], CALLER, given)
    assert set(documents()) == {three[1].id, three[2].id}
    assert finish_rebuild("people_0002", CALLER, given) is True
    assert documents() == as_stored(*three)
    assert TypesenseIndex().aliased("people") == "people_0002"


def test_an_alias_that_somebody_has_moved_is_put_right_each_night(three: Sequence[Found]) -> None:
    TypesenseIndex().point("people", "studios_0001")
    converge_people(CALLER, deps())
    assert documents() == as_stored(*three)


def test_each_night_what_differs_is_mended_and_told(three: Sequence[Found]) -> None:
    pavel, petra, _ = three
    draft = a_draft("stylist", "Not yet")
    missing = a_profile("videographer", "Never told of")
    pavel.change(title="Lost on the way")
    petra.unpublish()
    stray = {**documents()[pavel.id], "id": new_id("prf")}
    TypesenseIndex().put("people_0001", [stray])
    assert converge({}, None) == {"documents": 3, "missing": 1, "stale": 1, "extra": 2}
    assert documents() == as_stored(*three, draft, missing)
    assert converge({}, None) == {"documents": 3, "missing": 0, "stale": 0, "extra": 0}


def test_before_anything_was_indexed_there_is_nothing_to_check_or_rebuild(engine: str) -> None:
    assert converge({}, None) == {}
    refused = Gateway().call("POST", "/v1/admin/search/people/rebuild", user=ADMIN)
    assert (refused.status, refused.json()["code"]) == (404, "index_not_found")


def test_only_an_admin_rebuilds(three: Sequence[Found]) -> None:
    support = Caller(groups=("support",))
    assert Gateway().call("POST", "/v1/admin/search/people/rebuild", user=support).status == 403
    assert Gateway().call("GET", "/v1/admin/search/people", user=support).status == 403
    assert state()["building"] is None
    assert Gateway().call("POST", "/v1/admin/search/people/rebuild", user=ADMIN).status == 202
    assert state()["building"] == "people_0002"
