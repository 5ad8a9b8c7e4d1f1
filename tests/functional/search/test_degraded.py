"""While no search engine answers: who is found of the tables, how lists go on, and who asks whether it has returned."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import cast

import pytest
from pydantic import JsonValue

from callsheet.gateways.guarded_search import GuardedSearch
from callsheet.gateways.search_errors import CollectionMissing, SearchUnavailable
from callsheet.gateways.searching import Ask, Found
from callsheet.kernel.page import Cursors
from callsheet.platform.circuits import Circuit, CircuitRules, forget_circuits
from callsheet.platform.metrics import CircuitName
from callsheet.platform.settings import settings
from callsheet.search.deps import SearchDeps
from callsheet.search.queries import PeopleQuery, StudioQuery
from callsheet.search.search_people import search_people
from callsheet.search.search_studios import search_studios
from callsheet.search.suggest import SuggestQuery, suggest
from callsheet.search.views import PeoplePage
from tests.support.calls import calls
from tests.support.gateway import Answer, Gateway
from tests.support.searching import Found as Profile
from tests.support.searching import a_draft, a_profile, indexed
from tests.support.stage import MovedClock, somebody

SEATTLE = {"city": "Seattle", "country": "US", "latitude": 47.61, "longitude": -122.33}
NUERNBERG = {"city": "Nürnberg", "country": "DE", "latitude": 49.45, "longitude": 11.08}


class Away:
    """A SearchEngine that does not answer until it is told to."""

    def __init__(self) -> None:
        self.asked = 0
        self.error: Exception | None = SearchUnavailable()

    def search(self, asks: Sequence[Ask]) -> Sequence[Found]:
        self.asked += 1
        if self.error is not None:
            raise self.error
        return [Found(0, ()) for _ in asks]


def listing() -> SearchDeps:
    return SearchDeps(clock=MovedClock(), cursors=lambda: Cursors("secret"), engine=Away())


def listed(deps: SearchDeps | None = None, /, **query: object) -> PeoplePage:
    asked = PeopleQuery.model_validate_strings({name: str(value) for name, value in query.items()})
    return search_people(asked, somebody(), deps or listing())


def ids(page: PeoplePage) -> list[str]:
    return [item.id for item in page.items]


@dataclass(frozen=True)
class Crowd:
    pavel: Profile
    petra: Profile
    emil: Profile
    uwe: Profile


@pytest.fixture
def crowd(tables: None) -> Crowd:
    a_draft("photographer", "Not to be seen yet")
    gone = a_profile("photographer", "Not to be seen any more")
    gone.unpublish()
    return Crowd(
        pavel=a_profile("photographer", "Portraits in daylight", languages=["en", "de-AT"]),
        petra=a_profile("model", "Petra", home=SEATTLE),
        emil=a_profile("editor", "Colour and cut", home=SEATTLE,
                       service={"price": {"amount_minor": 10_000, "currency": "EUR"}}),
        uwe=a_profile("photographer", "Uwe", home=NUERNBERG),
    )  # fmt: skip


def test_who_is_published_is_listed_by_role_and_city_and_by_every_filter(crowd: Crowd) -> None:
    pavel, petra, emil, uwe = crowd.pavel.id, crowd.petra.id, crowd.emil.id, crowd.uwe.id
    cases: list[tuple[dict[str, object], list[str]]] = [
        ({}, [pavel, petra, emil, uwe]),
        ({"city": "seattle"}, [petra, emil]),
        ({"city": " SEATTLE ", "roles": "model,photographer"}, [petra]),
        ({"city": "nurnberg"}, [uwe]),
        ({"city": "Seat"}, []),
        ({"roles": "photographer"}, [pavel, uwe]),
        ({"languages": "de"}, [pavel]),
        ({"country": "DE", "roles": "photographer"}, [uwe]),
        ({"currency": "EUR", "max_price_minor": 10_000}, [emil]),
        ({"latitude": 47.6, "longitude": -122.3, "radius_km": 10}, [petra, emil]),
        ({"latitude": 45.52, "longitude": -122.68, "radius_km": 233}, [pavel]),
    ]
    for query, expected in cases:
        page = listed(**query)
        assert sorted(ids(page)) == sorted(expected), query
        assert (page.degraded, page.total, page.next_cursor) == (True, None, None)


def test_a_degraded_answer_says_what_made_no_difference_and_shows_what_others_show(crowd: Crowd) -> None:
    page = listed(
        q="portraits", sort="rating", facets="role", roles="photographer", latitude=45.52, longitude=-122.68
    )
    assert sorted(page.not_honoured) == ["facets", "q", "sort"]
    (pavel,) = page.items
    assert (pavel.title, pavel.distance_km, pavel.user_id) == (
        "Portraits in daylight", 0.0, crowd.pavel.owner.id
    )  # fmt: skip
    assert pavel.price is not None
    assert pavel.price.amount_minor == 30_000
    assert listed(roles="photographer").not_honoured == ()
    assert suggest(SuggestQuery(q="por"), listing()).degraded
    studios = search_studios(StudioQuery(), somebody(), listing())
    assert (studios.items, studios.degraded) == ((), True)


def test_who_moves_or_is_unpublished_is_listed_so_at_once(crowd: Crowd) -> None:
    crowd.pavel.change(home=SEATTLE)
    crowd.petra.unpublish()
    assert sorted(ids(listed(city="seattle"))) == sorted([crowd.emil.id, crowd.pavel.id])
    assert ids(listed(city="portland")) == []


def test_a_degraded_answer_is_a_query_a_role_and_a_batch_read_however_many_there_are(crowd: Crowd) -> None:
    cases: list[tuple[dict[str, object], list[str]]] = [
        ({"roles": "photographer"}, ["Query", "BatchGetItem"]),
        ({"roles": "photographer,model", "city": "Seattle"}, ["Query", "Query", "BatchGetItem"]),
        ({}, [*["Query"] * 7, "BatchGetItem"]),
        ({"roles": "creator"}, ["Query"]),
    ]
    for query, expected in cases:
        deps = listing()
        with calls() as made:
            listed(deps, **query)
        assert made == expected, query
    with calls() as made:
        suggest(SuggestQuery(q="por"), listing())
        search_studios(StudioQuery(), somebody(), listing())
    assert made == []


def test_pages_of_a_degraded_list_show_everybody_once(crowd: Crowd) -> None:
    for query in ({}, {"city": "Seattle"}, {"roles": "photographer"}):
        seen: list[str] = []
        page = listed(limit=1, **query)
        while page.next_cursor is not None:
            seen += ids(page)
            page = listed(limit=1, cursor=page.next_cursor, **query)
        seen += ids(page)
        assert sorted(seen) == sorted(ids(listed(**query))), query


def test_filters_count_nobody_twice_where_candidates_fill_more_than_one_page(
    crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page may be empty and still lead on: so many are looked at, however few are meant."""
    monkeypatch.setattr("callsheet.search.listing.CANDIDATES", 2)
    first = listed(country="DE")
    assert (ids(first), first.next_cursor is None) == ([], False)
    seen, cursor = ids(first), first.next_cursor
    while cursor is not None:
        page = listed(country="DE", cursor=cursor)
        seen, cursor = seen + ids(page), page.next_cursor
    assert seen == [crowd.uwe.id]


def asked(**query: object) -> Answer:
    path = "&".join(f"{name}={value}" for name, value in query.items())
    return Gateway().call("GET", f"/v1/search/people?{path}")


@contextmanager
def no_engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as away:
        away.setenv("TYPESENSE_URL", "http://127.0.0.1:9")
        settings.cache_clear()
        yield
    settings.cache_clear()
    forget_circuits()


def test_a_list_goes_on_as_it_began_and_what_cannot_is_to_begin_anew(
    engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    indexed(a_profile(), a_profile())
    found = asked(limit=1).json()
    assert (found["degraded"], found["total"]) == (False, 2)
    with no_engine(monkeypatch):
        refused = asked(limit=1, cursor=found["next_cursor"])
        assert (refused.status, refused.json()["code"]) == (409, "list_changed")
        listed = asked(limit=1).json()
        assert listed["degraded"] is True
        second = asked(limit=1, cursor=listed["next_cursor"]).json()
        (one,), (other,) = cast("list[list[dict[str, JsonValue]]]", [listed["items"], second["items"]])
        assert one["id"] != other["id"]
        forged = asked(limit=1, cursor=f"{listed['next_cursor']}x")
        assert (forged.status, forged.json()["code"]) == (400, "invalid_cursor")
    second = asked(limit=1, cursor=listed["next_cursor"]).json()
    assert (second["items"], second["degraded"]) == ([other], True)
    assert asked(limit=1, cursor=found["next_cursor"]).json()["degraded"] is False


def test_whom_a_request_is_refused_to_is_refused_without_an_engine_too(
    tables: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with no_engine(monkeypatch):
        assert asked(sort="distance").json()["code"] == "invalid_filter"
        assert asked(explain="true").status == 403
        assert asked(limit=1000).status == 400


def guarded(engine: Away, rest_seconds: int = 60) -> Callable[[], bool]:
    """Searches through a circuit, and says whether the answer was the engine's."""
    rules = CircuitRules(rest_seconds=rest_seconds, seen_seconds=0)
    through = GuardedSearch(engine, Circuit(CircuitName.SEARCH_ENGINE, SearchUnavailable, rules))
    deps = SearchDeps(clock=MovedClock(), cursors=lambda: Cursors("secret"), engine=through)

    def search() -> bool:
        return not listed(deps, roles="creator").degraded

    answering, engine.error = engine.error, None
    assert search()  # nothing is left of what another test has counted
    engine.error, engine.asked = answering, 0
    return search


def test_an_engine_that_does_not_answer_three_times_is_left_alone_and_that_is_counted(
    tables: None, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = Away()
    search = guarded(engine)
    capsys.readouterr()
    assert [search() for _ in range(6)] == [False] * 6
    assert engine.asked == 3
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "circuit_opened" in line]
    assert [(line["circuit"], line["circuit_opened"]) for line in lines] == [("search_engine", [1.0])]
    engine.error = None
    assert not search(), "it rests"


def test_what_one_environment_has_found_another_learns_with_its_first_failure(tables: None) -> None:
    engine = Away()
    search = guarded(engine)
    assert [search() for _ in range(3)] == [False] * 3
    forget_circuits()  # another environment knows nothing
    engine.asked = 0
    assert [search() for _ in range(4)] == [False] * 4
    assert engine.asked == 1


def test_after_its_rest_one_asks_whether_the_engine_has_returned(tables: None) -> None:
    engine = Away()
    search = guarded(engine, rest_seconds=1)
    assert [search() for _ in range(3)] == [False] * 3
    engine.error, engine.asked = None, 0
    while not search():
        assert engine.asked == 0
    assert search()
    assert engine.asked == 2
    forget_circuits()
    engine.error = SearchUnavailable()
    assert not search()
    engine.error, engine.asked = None, 0
    assert search()
    assert engine.asked == 1, "for everybody: the circuit is closed"


def test_while_all_is_well_a_circuit_costs_no_call(tables: None) -> None:
    engine = Away()
    search = guarded(engine)
    engine.error = None
    with calls() as made:
        assert search()
        assert search()
    assert made == []


def test_an_engine_without_an_index_has_answered(tables: None) -> None:
    engine = Away()
    search = guarded(engine)
    engine.error = CollectionMissing()
    assert [search() for _ in range(5)] == [False] * 5
    assert engine.asked == 5
