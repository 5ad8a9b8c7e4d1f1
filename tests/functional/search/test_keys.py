"""A browser's key to the engine finds what everybody may see, and opens nothing else: held to the real server."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from pydantic import JsonValue, TypeAdapter

from callsheet.gateways.typesense_index import TypesenseIndex
from callsheet.gateways.typesense_keys import TypesenseKeys, scoped_key
from callsheet.kernel.ids import new_id
from callsheet.search.deps import KeyDeps
from callsheet.search.issue_key import HIDDEN, KEY_LIVES, IssueKey, SearchKeyView, issue_key
from local.programs.typesense import API_KEY
from tests.support.calls import calls
from tests.support.gateway import Answer, Caller, Gateway
from tests.support.searching import Found, a_profile, documents, indexed
from tests.support.stage import MovedClock

_ANSWER: TypeAdapter[dict[str, JsonValue]] = TypeAdapter(dict[str, JsonValue])
EVERYTHING = {"q": "*"}


@dataclass(frozen=True, slots=True)
class Browser:
    """Somebody who has nothing but a key, and asks as the engine's own clients do."""

    http: httpx.Client
    key: str

    def ask(self, method: str, path: str, **asked: JsonValue) -> httpx.Response:
        headers = {"X-TYPESENSE-API-KEY": self.key}
        if method == "GET":
            query = {name: str(value) for name, value in asked.items()}
            return self.http.request(method, path, params=query, headers=headers)
        return self.http.request(method, path, json=asked, headers=headers)

    def both_ways(self, collection: str = "people", **query: JsonValue) -> list[dict[str, JsonValue]]:
        """The answers to a search on its own and to one of several."""
        alone = self.ask("GET", f"/collections/{collection}/documents/search", **query)
        among = self.ask("POST", "/multi_search", searches=[{"collection": collection, **query}])
        listed = _ANSWER.validate_json(among.content)["results"]
        assert isinstance(listed, list)
        return [_ANSWER.validate_json(alone.content), _ANSWER.validate_python(listed[0])]

    def found(self, collection: str = "people", **query: JsonValue) -> list[list[str]]:
        return [ids_of(answer) for answer in self.both_ways(collection, **{**EVERYTHING, **query})]


def ids_of(answer: dict[str, JsonValue]) -> list[str]:
    hits = answer.get("hits")
    assert isinstance(hits, list), answer
    documents = [hit["document"] for hit in hits if isinstance(hit, dict)]
    return [str(document["id"]) for document in documents if isinstance(document, dict)]


def issued(**body: JsonValue) -> Answer:
    return Gateway().call("POST", "/v1/search/keys", body=body)


def a_key_issued_at(moment: datetime) -> SearchKeyView:
    return issue_key(IssueKey(), KeyDeps(clock=MovedClock(moment), keys=TypesenseKeys()))


@pytest.fixture
def pavel(engine: str) -> Found:
    pavel = a_profile("photographer", "Portraits in daylight", about="Patience and a window.")
    indexed(pavel)
    return pavel


@pytest.fixture
def hidden(pavel: Found) -> str:
    """A document that is not for everybody to see."""
    document = {
        **documents()[pavel.id],
        "id": new_id("prf"),
        "visibility": "hidden",
        "title": "Portraits too",
    }
    TypesenseIndex().put("people_0001", [document])
    return str(document["id"])


@pytest.fixture
def http(engine: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=engine, timeout=10, trust_env=False) as client:
        yield client


@pytest.fixture
def browser(http: httpx.Client, pavel: Found, hidden: str) -> Browser:
    return Browser(http, str(issued().json()["key"]))


def test_a_key_says_where_and_how_long_it_is_good_and_finds_what_is_published(
    engine: str, browser: Browser, pavel: Found
) -> None:
    answer = issued(collection="people")
    told = answer.json()
    assert (answer.status, told["url"], told["collection"]) == (201, engine, "people")
    left = datetime.fromisoformat(str(told["expires_at"])).timestamp() - time.time()
    assert KEY_LIVES.total_seconds() - 60 < left <= KEY_LIVES.total_seconds()
    assert browser.found() == [[pavel.id]] * 2
    assert browser.found(q="portriats") == [[pavel.id]] * 2
    assert browser.found(filter_by="role:=model") == [[]] * 2, "it may narrow what it finds"
    pavel.unpublish()
    indexed(pavel)
    assert browser.found() == [[]] * 2


@pytest.mark.parametrize(
    "widened",
    [
        "visibility:=hidden",
        "visibility:=public || visibility:=hidden",
        "(visibility:=public) || visibility:=hidden",
        "visibility:=hidden) || (visibility:=hidden",
        "title:=`x`) || visibility:=hidden || (title:=x",
        "role:=photographer || role:!=photographer",
    ],
)
def test_no_filter_of_a_callers_widens_the_one_in_the_key(
    browser: Browser, pavel: Found, hidden: str, widened: str
) -> None:
    for ids in browser.found(filter_by=widened):
        assert hidden not in ids
    for ids in browser.found(filter_by=f"id:[{hidden}]"):
        assert ids == []


def test_pins_do_not_bring_back_what_the_filter_leaves_out(
    browser: Browser, pavel: Found, hidden: str
) -> None:
    assert browser.found(pinned_hits=f"{hidden}:1") == [[pavel.id]] * 2
    ids = browser.ask(
        "POST", f"/multi_search?pinned_hits={hidden}:1", searches=[{"collection": "people", "q": "*"}]
    )
    assert hidden not in ids.text


def test_hidden_fields_come_back_neither_by_name_nor_in_a_highlight(browser: Browser) -> None:
    assert set(HIDDEN) <= set(next(iter(documents().values()))), "what is hidden is there"
    for asked in (
        {},
        {"include_fields": ",".join(HIDDEN)},
        {"include_fields": "*"},
        {"exclude_fields": "id"},
        {"highlight_full_fields": ",".join(HIDDEN), "highlight_fields": ",".join(HIDDEN)},
        {"query_by": "visibility", "highlight_fields": "visibility", "q": "public"},
    ):
        for answer in browser.both_ways(**{"q": "portraits", **asked}):
            hits = answer["hits"]
            assert isinstance(hits, list)
            for hit in hits:
                assert isinstance(hit, dict)
                document, shown = hit["document"], hit["highlights"]
                assert isinstance(document, dict)
                assert isinstance(shown, list)
                assert not set(HIDDEN) & set(document)
                assert not {"visibility", "checksum"} & {
                    str(one["field"]) for one in shown if isinstance(one, dict)
                }
                assert not any("value" in one for one in shown if isinstance(one, dict)), (
                    "pieces, not the whole"
                )


def test_rates_that_results_are_ranked_by_are_not_for_browsers(browser: Browser, pavel: Found) -> None:
    TypesenseIndex().put("people_0001", [{**documents()[pavel.id], "cancellation_percent": 20.0}])
    assert documents()[pavel.id]["cancellation_percent"] == 20
    for asked in ({}, {"include_fields": "*"}, {"include_fields": "cancellation_percent"}):
        assert "cancellation_percent" not in str(browser.both_ways(**{**EVERYTHING, **asked})[0]["hits"])
    for asked in (
        {"filter_by": "cancellation_percent:>8"},
        {"sort_by": "cancellation_percent:desc"},
        {"facet_by": "cancellation_percent"},
        {"group_by": "cancellation_percent"},
    ):
        for answer in browser.both_ways(**{**EVERYTHING, **asked}):
            assert "hits" not in answer, asked


def test_lists_end_where_ours_do(browser: Browser) -> None:
    for answer in browser.both_ways(**EVERYTHING, per_page=100, page=11, limit_hits=5_000):
        assert "Only upto 1000 hits" in str(answer)


def test_a_key_of_one_collection_searches_no_other(browser: Browser, pavel: Found) -> None:
    assert browser.found("studios_0001") == [[pavel.id]] * 2, "whatever is named, people are searched"
    studios = Browser(browser.http, str(issued(collection="studios").json()["key"]))
    assert studios.found() == [[]] * 2


def test_a_key_writes_nothing_and_reads_nothing_whole(browser: Browser, pavel: Found) -> None:
    before = documents()
    refused = [
        browser.ask(
            "POST", "/collections/people/documents", title="Mine", id=new_id("prf"), visibility="public"
        ),
        browser.ask("PATCH", f"/collections/people/documents/{pavel.id}", title="Mine"),
        browser.ask("DELETE", f"/collections/people/documents/{pavel.id}"),
        browser.ask("DELETE", "/collections/people_0001"),
        browser.ask("PUT", "/aliases/people", collection_name="mine"),
        browser.ask("PUT", "/collections/people_0001/synonyms/mine", synonyms=["a", "b"]),
        browser.ask("POST", "/keys", actions=["*"], collections=["*"], description="mine"),
        browser.ask("GET", "/keys"),
        browser.ask("GET", "/collections"),
        browser.ask("GET", "/collections/people/documents/export"),
        browser.ask("GET", f"/collections/people/documents/{pavel.id}"),
    ]
    assert {answer.status_code for answer in refused} == {401}
    assert documents() == before


def test_after_its_end_a_key_is_refused(http: httpx.Client, pavel: Found) -> None:
    ago = datetime.now(UTC) - KEY_LIVES
    ended, good = a_key_issued_at(ago - timedelta(seconds=5)), a_key_issued_at(ago + timedelta(seconds=60))
    search = "/collections/people/documents/search"
    assert Browser(http, ended.key).ask("GET", search, q="*").status_code == 401
    assert Browser(http, good.key).ask("GET", search, q="*").status_code == 200


def test_neither_a_key_that_somebody_has_changed_nor_one_below_a_key_that_may_write_opens_anything(
    http: httpx.Client, browser: Browser
) -> None:
    forged: Sequence[str] = (
        browser.key[:-8] + "AAAAAAAA",
        scoped_key("callsheet-guessed", {"filter_by": "visibility:=public"}),
        scoped_key(API_KEY, {"filter_by": "visibility:=public"}),
    )
    for key in forged:
        answer = Browser(http, key).ask(
            "GET", "/collections/people/documents/search", **EVERYTHING, query_by="title"
        )
        assert answer.status_code == 401


def test_keys_are_limited_and_cost_nothing_but_the_token(engine: str) -> None:
    gateway, carla = Gateway(), Caller(groups=("client",))
    answers = [gateway.call("POST", "/v1/search/keys", body={}, user=carla) for _ in range(13)]
    assert [answer.status for answer in answers] == [201] * 12 + [429]
    assert answers[0].headers["ratelimit-limit"] == "12"
    with calls() as made:
        a_key_issued_at(MovedClock().now())
    assert made == []


def test_there_is_no_key_to_what_is_not_searched_or_without_an_engine(tables: None) -> None:
    assert issued(collection="users").status == 400
    assert issued(filter_by="visibility:=hidden").status == 400
    unavailable = issued()
    assert (unavailable.status, unavailable.json()["code"]) == (503, "search_unavailable")
