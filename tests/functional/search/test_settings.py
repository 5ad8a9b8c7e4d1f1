"""Admins change how results are ranked and which words mean the same: checked, told, undone, and never forgotten."""

import json
from collections.abc import Mapping
from copy import deepcopy

import pytest
from pydantic import JsonValue

from callsheet.gateways.typesense_client import engine as client
from callsheet.gateways.typesense_synonyms import TypesenseSynonyms
from callsheet.kernel.principal import Role
from callsheet.platform.records import EventItem
from callsheet.search.apply_synonyms import apply_synonyms
from callsheet.search.current_rules import forget_rules
from callsheet.search.deps import SynonymDeps
from callsheet.search.queries import PeopleQuery
from callsheet.search.ranking import RULES
from callsheet.search.rebuild_index import rebuild_people
from callsheet.search.schemas import SYNONYMS
from callsheet.search.search_people import search_people
from callsheet.search.settings import SettingKind, seed
from callsheet.wiring import indexing, search
from functions.search.apply_synonyms import handler
from functions.search.converge_index import handler as converge
from functions.search.finish_rebuild import handler as finish
from tests.support.calls import calls
from tests.support.gateway import Answer, Caller, Gateway
from tests.support.searching import Found, a_profile, indexed, message_of
from tests.support.stage import somebody

ADMIN = Caller(groups=("admin",))
SETTINGS = "/v1/admin/search/settings"
CLOUDS: dict[str, JsonValue] = {"clouds": ["cumulus", "daylight"]}


def ask(method: str, path: str, user: Caller = ADMIN, **body: JsonValue) -> Answer:
    return Gateway().call(method, f"{SETTINGS}/{path}", body=body or None, user=user)


def ranking(**changed: JsonValue) -> dict[str, JsonValue]:
    value = ask("GET", "ranking").json()["ranking"]
    assert isinstance(value, dict)
    return {**deepcopy(value), **changed}


def weights(**changed: float) -> dict[str, JsonValue]:
    return {name: float(changed.get(name, 0)) for name in RULES.weights}


def change_synonyms(version: int, groups: dict[str, JsonValue]) -> None:
    changed = ask("PUT", "synonyms", version=version, reason="Weather", synonyms={"groups": groups})
    assert changed.status == 200, changed.body


def deliver() -> None:
    """Every event of the synonyms comes, the last one first, and each twice."""
    for item in [item for item in reversed(list(EventItem.query("synonyms"))) for _ in range(2)]:
        assert handler({"Records": [message_of(item)]}, None) == {"batchItemFailures": []}


def at_the_engine(collection: str) -> dict[str, list[str]]:
    listed = client("typesense").calls.get(
        f"/collections/{collection}/synonyms", entity_type=dict, as_json=True
    )
    return {group["id"]: group["synonyms"] for group in listed["synonyms"]}


def found(words: str) -> list[object]:
    items = Gateway().call("GET", f"/v1/search/people?q={words}").json()["items"]
    assert isinstance(items, list)
    return [item["id"] for item in items]


@pytest.fixture
def pavel(engine: str) -> Found:
    pavel = a_profile("photographer", "Portraits in daylight")
    indexed(pavel)
    return pavel


def test_a_stage_begins_with_what_the_code_says(tables: None) -> None:
    told = ask("GET", "ranking").json()
    assert (told["version"], told["changed_by"], told["reason"], told["synonyms"]) == (0, None, None, None)
    assert ranking()["weights"] == RULES.weights
    synonyms = ask("GET", "synonyms").json()["synonyms"]
    assert synonyms == {"groups": {name: list(words) for name, words in SYNONYMS.items()}}
    assert seed(SettingKind.RANKING).rules() is RULES
    assert seed(SettingKind.RANKING).ranking.rules(RULES.version) == RULES, "and as data it says the same"


def test_each_change_is_a_version_that_says_who_made_it_and_why(tables: None) -> None:
    first, second = ranking(owner_cap=3), ranking(owner_cap=4)
    assert ask("PUT", "ranking", version=0, reason="Three fit", ranking=first).json()["version"] == 1
    assert ask("PUT", "ranking", version=1, reason="Four fit", ranking=second).json()["version"] == 2
    back = ask("POST", "ranking/rollback", version=2, to_version=1, reason="They did not")
    assert (back.status, back.json()["version"], back.json()["ranking"]) == (200, 3, first)
    assert ask("GET", "ranking").json() == back.json()
    page = ask("GET", "ranking/history?limit=2").json()
    rest = ask("GET", f"ranking/history?limit=2&cursor={page['next_cursor']}").json()
    assert isinstance(page["items"], list)
    assert isinstance(rest["items"], list)
    told = [(one["version"], one["changed_by"], one["reason"]) for one in (*page["items"], *rest["items"])]
    assert told == [
        (3, ADMIN.user_id, "They did not"),
        (2, ADMIN.user_id, "Four fit"),
        (1, ADMIN.user_id, "Three fit"),
    ]
    assert rest["next_cursor"] is None
    events = [item.document for item in EventItem.query("ranking")]
    assert [event.payload for event in events] == [
        {"kind": "ranking", "setting_version": number} for number in (1, 2, 3)
    ]
    assert (
        ask("POST", "ranking/rollback", version=3, to_version=0, reason="All of it").json()["ranking"]
        == ranking()
    )
    assert ranking()["weights"] == RULES.weights


def test_what_makes_no_sense_is_refused_and_nothing_changes(tables: None) -> None:
    sensible = ranking()
    cases: list[tuple[str, str, dict[str, JsonValue], int, str]] = [
        ("PUT", "ranking", {"ranking": {**sensible, "weights": weights(text=0.5)}}, 400, "invalid_request"),
        ("PUT", "ranking", {"ranking": {**sensible, "weights": {"text": 1}}}, 400, "invalid_request"),
        ("PUT", "ranking", {"ranking": {**sensible, "penalty": 0}}, 400, "invalid_request"),
        ("PUT", "ranking", {"ranking": {**sensible, "luck": 1}}, 400, "invalid_request"),
        ("PUT", "ranking", {"synonyms": {"groups": CLOUDS}}, 400, "search_setting_mismatch"),
        ("PUT", "ranking", {"ranking": sensible, "synonyms": {"groups": {}}}, 400, "search_setting_mismatch"),
        ("PUT", "ranking", {}, 400, "search_setting_mismatch"),
        ("PUT", "synonyms", {"synonyms": {"groups": {"one": ["alone"]}}}, 400, "invalid_request"),
        ("PUT", "synonyms", {"synonyms": {"groups": {"signs": ["&", "and"]}}}, 400, "invalid_request"),
        ("PUT", "synonyms", {"synonyms": {"groups": {"twice": ["a", "a"]}}}, 400, "invalid_request"),
        ("PUT", "synonyms", {"synonyms": {"groups": {"Not a key": ["a", "b"]}}}, 400, "invalid_request"),
        ("PUT", "colours", {"ranking": sensible}, 404, "search_setting_not_found"),
        ("PUT", "ranking", {"ranking": sensible, "version": 1}, 409, "stale"),
        ("POST", "ranking/rollback", {"to_version": 7}, 404, "search_setting_not_found"),
        ("POST", "ranking/rollback", {"to_version": 0, "version": 2}, 409, "stale"),
    ]
    for method, path, body, status, code in cases:
        refused = ask(method, path, **{"version": 0, "reason": "No", **body})  # type: ignore[arg-type]  # of JSON values
        assert (refused.status, refused.json()["code"]) == (status, code), body
    for kind in SettingKind:
        assert ask("GET", kind).json()["version"] == 0
        assert ask("GET", f"{kind}/history").json()["items"] == []


def test_of_two_who_have_read_the_same_version_one_is_told_that_it_has_changed(tables: None) -> None:
    value = ranking(first=10)
    answers = [ask("PUT", "ranking", version=0, reason="Both", ranking=value) for _ in range(2)]
    assert [answer.status for answer in answers] == [200, 409]
    assert ask("GET", "ranking").json()["version"] == 1


def test_nobody_but_an_admin_reads_or_changes_settings(tables: None) -> None:
    support, value = Caller(groups=("support", "finance")), ranking()
    assert ask("GET", "ranking", support).status == 403
    assert ask("GET", "ranking/history", support).status == 403
    assert ask("PUT", "ranking", support, version=0, reason="Mine", ranking=value).status == 403
    assert ask("POST", "ranking/rollback", support, version=0, to_version=0, reason="Mine").status == 403
    assert ask("GET", "ranking").json()["version"] == 0


def test_searches_rank_by_what_was_changed_and_read_it_once_a_minute(pavel: Found) -> None:
    other = a_profile("photographer", "Weddings", about="Portraits in daylight, too.")
    indexed(other)
    assert set(found("portraits")) == {pavel.id, other.id}
    with calls() as made:
        found("portraits")
    assert "BatchGetItem" not in made, "what was read a moment ago is kept"
    value = ranking(weights=weights(freshness=1.0), freshness_half_life_days=1)
    ask("PUT", "ranking", version=0, reason="The newest first", ranking=value)
    forget_rules()  # a minute passes
    query = PeopleQuery.model_validate_strings({"q": "portraits", "explain": "true"})
    with calls() as made:
        explained = [hit.explanation for hit in search_people(query, somebody(Role.ADMIN), search()).items]
    assert made == ["BatchGetItem"]
    assert {one.rules for one in explained if one} == {"ranking-1"}
    assert {one.parts["text"] for one in explained if one} == {0}


def test_words_mean_the_same_once_an_admin_says_so_and_no_longer_when_it_is_undone(pavel: Found) -> None:
    assert found("cumulus") == []
    change_synonyms(0, CLOUDS)
    deliver()
    assert found("cumulus") == [pavel.id]
    assert at_the_engine("people_0001") == CLOUDS == at_the_engine("studios_0001")
    ask("POST", "synonyms/rollback", version=1, to_version=0, reason="No clouds")
    deliver()
    assert found("cumulus") == []
    assert at_the_engine("people_0001") == {name: list(words) for name, words in SYNONYMS.items()}


def test_an_index_that_is_being_built_has_them_before_it_is_searched(pavel: Found) -> None:
    change_synonyms(0, CLOUDS)
    deliver()
    rebuild_people(somebody(Role.ADMIN), indexing())
    assert at_the_engine("people_0002") != CLOUDS, "it begins with those of the code"
    finish_it()
    assert at_the_engine("people_0002") == CLOUDS
    assert found("cumulus") == [pavel.id]


def test_what_changes_while_an_index_is_being_built_is_told_to_both(pavel: Found) -> None:
    rebuild_people(somebody(Role.ADMIN), indexing())
    change_synonyms(0, CLOUDS)
    deliver()
    assert at_the_engine("people_0001") == CLOUDS == at_the_engine("people_0002")


def finish_it() -> None:
    detail = {"kind": "search.finish", "subject": "people_0002"}
    body = {"id": "bus", "detail-type": "due.search.finish", "detail": detail}
    answer = finish({"Records": [{"messageId": "1", "body": json.dumps(body)}]}, None)
    assert answer == {"batchItemFailures": []}


class Slow(TypesenseSynonyms):
    """An engine whose worker is paused before its first write: meanwhile the setting changes, and is told."""

    def __init__(self) -> None:
        self.times = 0

    def put_synonyms(self, collection: str, groups: Mapping[str, tuple[str, ...]]) -> None:
        self.times += 1
        if self.times == 1:
            change_synonyms(1, CLOUDS)
            deliver()
            assert at_the_engine(collection) == CLOUDS
        super().put_synonyms(collection, groups)


def test_a_worker_that_writes_late_what_it_read_early_looks_and_writes_again(pavel: Found) -> None:
    change_synonyms(0, {"storms": ["gale", "daylight"]})
    assert apply_synonyms(SynonymDeps(engine=Slow())) == 2
    assert at_the_engine("people_0001") == CLOUDS == at_the_engine("studios_0001")


def test_what_no_message_told_of_is_told_each_night(pavel: Found) -> None:
    change_synonyms(0, CLOUDS)
    converge({}, None)
    assert at_the_engine("people_0001") == CLOUDS


def test_before_anything_is_indexed_there_is_nobody_to_tell(engine: str) -> None:
    change_synonyms(0, CLOUDS)
    deliver()
    pavel = a_profile("photographer", "Portraits in daylight")
    indexed(pavel)
    converge({}, None)
    assert found("cumulus") == [pavel.id]
