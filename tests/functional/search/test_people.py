"""Finding people: by words, by filters, by place, page by page, and what is refused."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode

import pytest
from pydantic import JsonValue, TypeAdapter

from callsheet.catalogue.conduct import Conduct
from callsheet.catalogue.conduct_store import save_conduct
from callsheet.catalogue.events import ConductChanged
from callsheet.catalogue.store import RatingItem, rating_key
from callsheet.gateways.searching import Ask, Found, SearchEngine
from callsheet.gateways.typesense_search import TypesenseSearch
from callsheet.kernel.errors import Forbidden
from callsheet.kernel.page import Cursors
from callsheet.kernel.principal import Role
from callsheet.platform.settings import settings
from callsheet.platform.transaction import Transaction
from callsheet.search.deps import SearchDeps
from callsheet.search.filters import filters_of
from callsheet.search.queries import PeopleQuery
from callsheet.search.ranking import RULES
from callsheet.search.ruling_out import rules_out
from callsheet.search.search_people import search_people
from callsheet.search.suggest import SuggestQuery, suggest
from tests.support.calls import calls
from tests.support.gateway import Answer, Gateway
from tests.support.searching import Found as Profile
from tests.support.searching import a_profile, documents, indexed
from tests.support.stage import MovedClock, somebody

SEATTLE = {"city": "Seattle", "country": "US", "latitude": 47.61, "longitude": -122.33}
VANCOUVER = {"city": "Vancouver", "country": "US", "latitude": 45.63, "longitude": -122.67}
PORTLAND = {"latitude": 45.52, "longitude": -122.68}
_WORDS = {name: str(degrees) for name, degrees in PORTLAND.items()}
_DOCUMENT: TypeAdapter[dict[str, JsonValue]] = TypeAdapter(dict[str, JsonValue])


def asked(what: str = "people", /, **query: object) -> Answer:
    return Gateway().call("GET", f"/v1/search/{what}?{urlencode(query)}")


def found(what: str = "people", /, **query: object) -> dict[str, JsonValue]:
    answer = asked(what, **query)
    assert answer.status == 200, answer.body
    return _DOCUMENT.validate_json(answer.body)


def items(page: dict[str, JsonValue]) -> list[dict[str, JsonValue]]:
    listed = page["items"]
    assert isinstance(listed, list)
    return [item for item in listed if isinstance(item, dict)]


def titles(**query: object) -> list[str]:
    return [str(item["title"]) for item in items(found(**query))]


def counts(page: dict[str, JsonValue], facet: str) -> dict[str, int]:
    facets = page["facets"]
    assert isinstance(facets, dict)
    listed = facets[facet]
    assert isinstance(listed, list)
    return {str(one["value"]): int(str(one["count"])) for one in listed if isinstance(one, dict)}


def rated(profile: Profile, *stars: int) -> None:
    _, pk, sk = rating_key(profile.id)
    RatingItem(pk, sk, reviews=len(stars), stars=sum(stars)).save()


@pytest.fixture
def crowd(engine: str) -> Sequence[Profile]:
    """Four whom searches tell apart."""
    pavel = a_profile(
        "photographer", "Portraits in daylight",
        headline="Patience and a window", languages=["en", "de-AT"], handle="pavel_shoots",
        details={"role": "photographer", "specialties": ["portraits", "editorial"], "turnaround_hours": 72,
                 "studio_access": "rented", "deliverables": ["edited_photos", "prints"]},
    )  # fmt: skip
    walt = a_profile(
        "photographer", "Weddings on film",
        headline="All in black and white", about="From the church to the last dance.", languages=["en"],
        home=VANCOUVER, service={"price": {"amount_minor": 90_000, "currency": "USD"}},
        details={"role": "photographer", "specialties": ["weddings"], "turnaround_hours": 24},
    )  # fmt: skip
    petra = a_profile(
        "model", "Petra: editorial and glamour", headline="On time", languages=["fr"], home=SEATTLE,
        service={"price": {"amount_minor": 48_000, "currency": "USD"}},
    )  # fmt: skip
    emil = a_profile(
        "editor", "Colour and cut", headline="By tomorrow", languages=["de"], home=SEATTLE,
        details={"role": "editor", "specialties": ["grading"]},
        service={"price": {"amount_minor": 10_000, "currency": "EUR"}},
    )  # fmt: skip
    rated(pavel, 5, 5, 4)
    rated(walt, *[5] * 20)
    rated(petra, 3)
    crowd = (pavel, walt, petra, emil)
    indexed(*crowd)
    return crowd


PAVEL, WALT, PETRA, EMIL = (
    "Portraits in daylight", "Weddings on film", "Petra: editorial and glamour", "Colour and cut",
)  # fmt: skip


def test_words_are_found_misspelt_unfinished_and_by_another_name(crowd: Sequence[Profile]) -> None:
    cases = {
        "portraits": [PAVEL], "portriats": [PAVEL], "weddi": [WALT], "bnw": [WALT], "glam": [PETRA], "dance": [WALT],
        "pavel_sho": [PAVEL], "two hours": [PAVEL, WALT, PETRA, EMIL], "zebra": [],
    }  # fmt: skip
    for words, expected in cases.items():
        assert sorted(titles(q=words)) == sorted(expected), words
    assert titles(q="editorial")[0] == PETRA, "a title counts more than a tag"


def test_filters_leave_who_meets_all_of_them(crowd: Sequence[Profile]) -> None:
    cases: list[tuple[dict[str, object], list[str]]] = [
        ({"roles": "photographer,model"}, [PAVEL, WALT, PETRA]),
        ({"languages": "de"}, [PAVEL, EMIL]),
        ({"languages": "de", "roles": "photographer"}, [PAVEL]),
        ({"tags": "weddings,editorial"}, [PAVEL, WALT, PETRA]),
        ({"deliverables": "edited_photos,prints"}, [PAVEL]),
        ({"deliverables": "edited_photos,video"}, []),
        ({"city": "seattle"}, [PETRA, EMIL]),
        ({"currency": "USD", "max_price_minor": 50_000}, [PAVEL, PETRA]),
        ({"currency": "USD", "min_price_minor": 48_000}, [WALT, PETRA]),
        ({"currency": "EUR"}, [EMIL]),
        ({"min_rating": 4.5}, [PAVEL, WALT]),
        ({"max_turnaround_hours": 48}, [WALT]),
        ({"min_height_cm": 170, "max_height_cm": 180}, [PETRA]),
        ({"studio_access": "rented,own"}, [PAVEL]),
        ({"instant_booking": "true"}, []),
        ({"background_checked": "false", "experience": "established"}, [PETRA]),
    ]
    for query, expected in cases:
        page = found(**query)
        assert sorted(str(item["title"]) for item in items(page)) == sorted(expected), query
        assert page["total"] == len(expected)


def test_a_place_leaves_who_is_within_its_radius_and_says_how_far_they_are(
    crowd: Sequence[Profile],
) -> None:
    near = items(found(**PORTLAND, sort="distance"))
    assert [(item["title"], item["distance_km"]) for item in near] == [(PAVEL, 0.0), (WALT, 12.3)]
    assert titles(**PORTLAND, radius_km=10) == [PAVEL]
    far = items(found(**PORTLAND, radius_km=300, roles="editor"))
    assert [(item["title"], item["distance_km"]) for item in far] == [(EMIL, 233.9)]
    assert items(found(q="portraits"))[0]["distance_km"] is None


def test_what_is_ruled_out_without_the_engine_is_what_the_engine_does_not_find(
    crowd: Sequence[Profile],
) -> None:
    """The engine has the last word on text and cities, of which nothing is ruled out."""
    cases: list[dict[str, object]] = [
        {"roles": "photographer,model"}, {"languages": "de"}, {"tags": "weddings,editorial"},
        {"deliverables": "edited_photos,prints"}, {"deliverables": "edited_photos,video"}, {"country": "US"},
        {"currency": "USD", "max_price_minor": 50_000}, {"currency": "USD", "min_price_minor": 48_000},
        {"currency": "EUR"}, {"min_rating": 4.67}, {"min_rating": 4.68}, {"max_turnaround_hours": 48},
        {"min_height_cm": 170, "max_height_cm": 180}, {"studio_access": "rented"}, {"instant_booking": "true"},
        {"background_checked": "false"}, {**PORTLAND, "radius_km": 20}, {**PORTLAND, "radius_km": 500},
        {"experience": "new"}, {"roles": "editor", "languages": "de", "currency": "EUR"},
    ]  # fmt: skip
    there = documents().values()
    for case in cases:
        query = PeopleQuery.model_validate_strings({name: str(value) for name, value in case.items()})
        left = {
            str(one["title"]) for one in there if not any(rules_out(each, one) for each in filters_of(query))
        }
        assert left == set(titles(**case)), case
    assert not any(rules_out(each, one) for each in filters_of(PeopleQuery(city="x")) for one in there)


def test_results_come_in_the_order_that_is_asked_for(crowd: Sequence[Profile]) -> None:
    assert titles(sort="price_asc", currency="USD") == [PAVEL, PETRA, WALT]
    assert titles(sort="price_desc", currency="USD") == [WALT, PETRA, PAVEL]
    assert titles(sort="rating") == [WALT, PAVEL, EMIL, PETRA], "one review of three counts less than none"


def test_a_hit_shows_what_a_list_needs_and_where_its_words_were_found(crowd: Sequence[Profile]) -> None:
    (hit,) = items(found(q="patience"))
    pavel = crowd[0]
    assert (hit["id"], hit["user_id"], hit["role"]) == (pavel.id, pavel.owner.id, "photographer")
    assert hit["price"] == {"amount_minor": 30_000, "currency": "USD"}
    assert hit["rating"] == {"reviews": 3, "average": 4.67}
    assert hit["home"] == {"city": "Portland", "country": "US", **PORTLAND}
    assert hit["highlights"] == [
        {
            "field": "headline",
            "parts": [{"text": "Patience", "is_match": True}, {"text": " and a window", "is_match": False}],
        }
    ]
    assert "about" not in hit


def test_each_facet_counts_as_if_its_own_filter_were_not_set(crowd: Sequence[Profile]) -> None:
    page = found(facets="role,city,languages", roles="photographer")
    assert page["total"] == 2
    assert counts(page, "role") == {"photographer": 2, "model": 1, "editor": 1}
    assert counts(page, "city") == {"Portland": 1, "Vancouver": 1}
    assert counts(page, "languages") == {"en": 2, "de": 1}
    both = found(facets="role,city", roles="photographer", city="Seattle")
    assert both["total"] == 0
    assert counts(both, "role") == {"model": 1, "editor": 1}
    assert counts(both, "city") == {"Portland": 1, "Vancouver": 1}


def test_pages_show_everybody_once_and_a_cursor_belongs_to_its_query(crowd: Sequence[Profile]) -> None:
    seen: list[str] = []
    page = found(limit=3, sort="rating")
    cursor = page["next_cursor"]
    seen += [str(item["id"]) for item in items(page)]
    page = found(limit=3, sort="rating", cursor=cursor)
    seen += [str(item["id"]) for item in items(page)]
    assert page["next_cursor"] is None
    assert sorted(seen) == sorted(profile.id for profile in crowd)
    for other in ({"limit": 2, "sort": "rating"}, {"limit": 3}, {"limit": 3, "sort": "rating", "q": "a"}):
        refused = asked(**other, cursor=cursor)
        assert (refused.status, refused.json()["code"]) == (400, "invalid_cursor")
    assert asked(limit=3, sort="rating", cursor=f"{cursor}x").json()["code"] == "invalid_cursor"


def test_pages_of_what_we_rank_ourselves_show_everybody_once_too(crowd: Sequence[Profile]) -> None:
    whole = titles()
    first = found(limit=3)
    second = found(limit=3, cursor=first["next_cursor"])
    assert [str(item["title"]) for item in (*items(first), *items(second))] == whole
    assert sorted(whole) == sorted((PAVEL, WALT, PETRA, EMIL))
    assert (first["total"], second["next_cursor"]) == (4, None)


def test_an_admin_is_told_why_somebody_stands_where_they_stand_and_nobody_else_is(
    crowd: Sequence[Profile],
) -> None:
    query = PeopleQuery.model_validate_strings({"q": "portraits", "explain": "true", **_WORDS})
    deps = SearchDeps(clock=MovedClock(), cursors=lambda: Cursors("secret"), engine=TypesenseSearch())
    (hit,) = search_people(query, somebody(Role.ADMIN), deps).items
    assert hit.explanation is not None
    assert (hit.explanation.rules, hit.explanation.parts["text"]) == (RULES.version, 0.45)
    assert hit.explanation.score == pytest.approx(sum(hit.explanation.parts.values()))
    with pytest.raises(Forbidden):
        search_people(query, somebody(Role.PROVIDER), deps)
    assert asked(explain="true").status == 403
    assert items(found(q="portraits"))[0]["explanation"] is None


def test_who_calls_off_too_often_stands_lower_and_nobody_sees_the_figure(crowd: Sequence[Profile]) -> None:
    pavel, walt, *_ = crowd
    txn = Transaction(pavel.owner, pavel.clock.now())
    save_conduct(txn, walt.id, None, Conduct(cancellation_rate=2_000, dispute_rate=400))
    txn.publish(ConductChanged(profile_id=walt.id))
    txn.commit()
    before = titles(roles="photographer")
    indexed(walt)
    assert (before, titles(roles="photographer")) == ([WALT, PAVEL], [PAVEL, WALT])
    deps = SearchDeps(clock=MovedClock(), cursors=lambda: Cursors("secret"), engine=TypesenseSearch())
    query = PeopleQuery.model_validate_strings({"roles": "photographer", "explain": "true"})
    explained = [hit.explanation for hit in search_people(query, somebody(Role.ADMIN), deps).items]
    assert [one.penalties for one in explained if one] == [(), ("cancellation_percent",)]
    assert "_percent" not in str(asked(roles="photographer").body)


def test_what_cannot_be_searched_with_is_told_with_its_field(engine: str) -> None:
    cases: list[tuple[dict[str, object], str]] = [
        ({"roles": "photographer,plumber"}, "roles.1"),
        ({"tags": "Not a key"}, "tags.0"),
        ({"latitude": 91, "longitude": 0}, "latitude"),
        ({"min_rating": "many"}, "min_rating"),
        ({"colour": "red"}, "colour"),
        ({"facets": "about"}, "facets.0"),
        ({"limit": 101}, "limit"),
        ({"q": ""}, "q"),
    ]
    for query, name in cases:
        refused = asked(**query)
        errors = refused.json()["errors"]
        assert (refused.status, refused.json()["code"]) == (400, "invalid_request"), query
        assert isinstance(errors, list)
        assert str(errors[0]).startswith(f"{name}: "), errors


def test_filters_that_do_not_fit_together_are_told_with_their_field(engine: str) -> None:
    many = dict.fromkeys(("tags", "city", "deliverables", "software"), "x") | {
        "roles": "model", "languages": "en", "experience": "new", "country": "US", "currency": "USD", "min_rating": 4,
        "has_kit": "true", "instant_booking": "true", "background_checked": "true",
    }  # fmt: skip
    cases: list[tuple[dict[str, object], object]] = [
        ({"latitude": 1}, "longitude"),
        ({"radius_km": 10}, "radius_km"),
        ({"sort": "distance"}, "sort"),
        ({"max_price_minor": 100}, "currency"),
        ({"sort": "price_asc"}, "currency"),
        ({"currency": "USD", "min_price_minor": 2, "max_price_minor": 1}, "max_price_minor"),
        (many, None),
    ]
    for query, name in cases:
        refused = asked(**query)
        assert (refused.status, refused.json()["code"]) == (400, "invalid_filter"), query
        assert refused.json().get("field") == name


def test_quotes_and_operators_of_the_engine_are_words_like_any_other(crowd: Sequence[Profile]) -> None:
    for text in ("`] || role:=[`model", "* a", "a &&", "a:b,c", "\\x", "(((b", "🦓"):
        assert asked(q=text).status == 200
        assert titles(city=text) == []
    assert titles(q="-weddings") == titles(q='"weddings"') == titles(q="weddings"), "nothing is left out"
    assert titles(q="weddings -film") == titles(q='"film weddings"') == [WALT]
    assert [item["text"] for item in items(found("suggest", q="-weddings"))][-1] == WALT


def test_of_punctuation_alone_nothing_can_be_found_and_that_is_said(engine: str) -> None:
    for text in ("*", "-", "&&", '"', "--*", "…"):
        for what in ("people", "studios", "suggest"):
            refused = asked(what, q=text)
            assert (refused.status, refused.json()["code"]) == (400, "invalid_request"), text
            assert str(refused.json()["errors"]).startswith("['q: "), refused.body


@dataclass(slots=True)
class Counted:
    """A SearchEngine that says how often it was asked."""

    inner: SearchEngine = field(default_factory=TypesenseSearch)
    times: int = 0

    def search(self, asks: Sequence[Ask]) -> Sequence[Found]:
        self.times += 1
        return self.inner.search(asks)


@contextmanager
def one_call_to_the_engine() -> Iterator[SearchDeps]:
    counted = Counted()
    with calls() as made:
        yield SearchDeps(clock=MovedClock(), cursors=lambda: Cursors("secret"), engine=counted)
    assert (counted.times, made) == (1, [])


def test_a_search_is_one_call_to_the_engine_and_none_to_dynamodb(crowd: Sequence[Profile]) -> None:
    query = PeopleQuery.model_validate_strings({"q": "a", "facets": "role,city,tags", "roles": "model"})
    with one_call_to_the_engine() as deps:
        search_people(query, somebody(), deps)
    with one_call_to_the_engine() as deps:
        suggest(SuggestQuery(q="por"), deps)


def test_suggestions_are_what_begins_with_what_is_typed(crowd: Sequence[Profile]) -> None:
    def suggested(text: str) -> list[tuple[object, object, object]]:
        page = found("suggest", q=text)
        return [(item["kind"], item["text"], item["count"]) for item in items(page)]

    assert suggested("por") == [
        ("tag", "portraits", 1),
        ("city", "Portland", 1),
        ("profile", PAVEL, None),
    ]
    assert suggested("wed") == [("tag", "weddings", 1), ("profile", WALT, None)]
    assert suggested("zebra") == []
    assert asked("suggest").status == 400


def test_studios_are_searched_by_the_same_rules(crowd: Sequence[Profile]) -> None:
    page = found("studios", amenities="north_light,cyc_wall", min_capacity=4, facets="amenities", q="loft")
    assert (page["items"], page["total"], page["facets"]) == ([], 0, {"amenities": []})
    assert asked("studios", roles="model").status == 400
    assert asked("studios", sort="price_asc").json()["field"] == "currency"


def test_without_an_index_or_an_engine_the_search_says_that_its_answers_are_degraded(
    engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_degraded() -> None:
        for what in ("people", "studios", "suggest"):
            page = found(what, q="portraits")
            assert (page["items"], page["degraded"], page["next_cursor"]) == ([], True, None), what

    is_degraded()
    monkeypatch.setenv("TYPESENSE_URL", "http://127.0.0.1:9")
    settings.cache_clear()
    is_degraded()
    monkeypatch.delenv("TYPESENSE_URL")
    settings.cache_clear()
    is_degraded()


def test_who_is_signed_out_has_half_of_the_searches(engine: str) -> None:
    answer = asked(q="portraits")
    assert answer.headers["ratelimit-limit"] == "120"
    assert asked("suggest", q="por").headers["ratelimit-limit"] == "240"
