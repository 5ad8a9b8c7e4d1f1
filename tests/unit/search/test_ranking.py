"""Who comes first, held to golden files: another order or score is another version of the rules."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsheet.gateways.indexing import Document
from callsheet.gateways.searching import Hit, Point
from callsheet.search.documents import tie_break
from callsheet.search.fairness import arranged, is_newcomer
from callsheet.search.ranking import RULES, Ranked, Wish, ranked

GOLDEN = Path(__file__).parent / "golden"
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
PORTLAND = Point(45.52, -122.68)


def a_hit(name: str, text_match: int = 1, *, days_old: float = 365, **fields: object) -> Hit:
    document: dict[str, object] = {
        "id": name, "owner_id": f"owner of {name}", "location": [45.52, -122.68], "rating": 4.5, "rating_average": 4.5,
        "rating_count": 40, "background_checked": False, "currency": "USD", "price_minor": 30_000,
        "created": int((NOW - timedelta(days=days_old)).timestamp()), "tie_break": tie_break(name), **fields,
    }  # fmt: skip
    return Hit(_typed(document), text_match, {})


def _typed(document: Mapping[str, object]) -> Document:
    return {
        name: value
        for name, value in document.items()
        if isinstance(value, str | int | float | bool | list) and value is not None
    }


STORIES: Mapping[str, tuple[Wish, list[Hit]]] = {
    "words_and_place": (
        Wish(now=NOW, has_text=True, centre=PORTLAND, radius_km=50, currency="USD", price_minor=30_000),
        [
            a_hit("the best words, far away", 900, location=[45.9, -122.9]),
            a_hit("the second words, next door", 800),
            a_hit("the second words, next door, checked", 800, background_checked=True),
            a_hit("the third words, next door, dear", 700, price_minor=46_000),
            a_hit("the third words, in euros", 700, currency="EUR"),
            a_hit("the last words, perfect otherwise", 100, background_checked=True, rating=5.0),
            a_hit("no place", 800, location=None),
        ],
    ),
    "nothing_but_who_they_are": (
        Wish(now=NOW),
        [
            a_hit("well rated by many", rating=4.9),
            a_hit("new today", days_old=0, rating=4.0, rating_count=0, rating_average=None),
            a_hit("a month old", days_old=30, rating=4.0, rating_count=0, rating_average=None),
            a_hit("checked", background_checked=True),
            a_hit("cancels", rating=4.9, cancellation_percent=8.1),
            a_hit("at the limit", rating=4.9, cancellation_percent=8.0),
            a_hit("cancels and disputes", rating=4.9, cancellation_percent=9, dispute_percent=6),
        ],
    ),
    "one_owner_of_many": (
        Wish(now=NOW),
        [
            *(a_hit(f"studio {n}", owner_id="one", rating=5 - n / 100) for n in range(6)),
            *(a_hit(f"other {n:02}", rating=4.5 - n / 100) for n in range(20)),
        ],
    ),
    "newcomers": (
        Wish(now=NOW),
        [
            *(a_hit(f"known {n:02}", rating=4.9 - n / 100) for n in range(22)),
            *(a_hit(f"new {n}", rating=3.9, rating_count=n, rating_average=4.5) for n in range(5)),
            a_hit("new and poor", rating=3.9, rating_count=2, rating_average=3.5),
        ],
    ),
}


def told(results: list[Ranked]) -> list[dict[str, object]]:
    return [
        {
            "id": one.hit.document["id"],
            "score": one.score,
            "parts": dict(one.parts),
            **({"penalties": list(one.penalties)} if one.penalties else {}),
            **({"moved": one.moved} if one.moved else {}),
        }
        for one in results
    ]


@pytest.mark.parametrize("story", STORIES)
def test_the_order_is_the_one_in_the_golden_file_however_the_engine_gave_it(story: str) -> None:
    wish, hits = STORIES[story]
    golden = json.loads((GOLDEN / f"{story}.json").read_text())
    assert golden["rules"] == RULES.version
    assert told(arranged(ranked(hits, wish))) == golden["results"]
    shuffled = Random(1).sample(hits, len(hits))
    assert told(arranged(ranked(shuffled, wish))) == golden["results"]


def test_the_weights_are_parts_of_one() -> None:
    assert sum(RULES.weights.values()) == pytest.approx(1)


def test_an_hour_later_on_the_same_day_the_order_is_the_same() -> None:
    hits = [a_hit(f"{n}", days_old=n) for n in range(10)]
    assert ranked(hits, Wish(now=NOW)) == ranked(hits, Wish(now=NOW + timedelta(hours=11)))


@given(
    st.lists(
        st.tuples(st.sampled_from("abcde"), st.integers(0, 8), st.sampled_from([3.0, 4.5, None]), st.integers(0, 99)),
        max_size=40,
    )
)  # fmt: skip
def test_nobody_is_lost_and_the_first_are_as_mixed_as_they_can_be(
    crowd: list[tuple[str, int, float | None, int]],
) -> None:
    hits = [
        a_hit(f"{number}", owner_id=owner, rating_count=reviews, rating_average=average, rating=3 + rating / 100)
        for number, (owner, reviews, average, rating) in enumerate(crowd)
    ]  # fmt: skip
    results = arranged(ranked(hits, Wish(now=NOW)))
    assert sorted(one.hit.document["id"] for one in results) == sorted(hit.document["id"] for hit in hits)
    owners = [str(one.hit.document["owner_id"]) for one in results]
    mixed = min(RULES.first, sum(min(owners.count(owner), RULES.owner_cap) for owner in set(owners)))
    assert all(owners[:mixed].count(owner) <= RULES.owner_cap for owner in owners)


def test_a_newcomer_is_somebody_whom_few_have_rated_and_nobody_badly() -> None:
    cases = {(0, None): True, (4, 4.0): True, (4, 3.9): False, (5, 5.0): False}
    for (reviews, average), expected in cases.items():
        (one,) = ranked([a_hit("x", rating_count=reviews, rating_average=average)], Wish(now=NOW))
        assert is_newcomer(one) is expected, (reviews, average)
    (late,) = ranked([a_hit("x", rating_count=0, late_percent=11)], Wish(now=NOW))
    assert not is_newcomer(late)
