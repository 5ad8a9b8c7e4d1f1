"""How well a result answers a query: seven parts between 0 and 1, weighed and added up; the same for the same.

A part that a query says nothing of is 1 for everybody: it moves nobody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import exp

from callsheet.gateways.indexing import Document
from callsheet.gateways.searching import Hit, Point
from callsheet.kernel.money import Money
from callsheet.search.distances import kilometres, point_of

_DECIMALS = 6
# Texts that match in the same way share a grade; the second is never less than three quarters of the first.
_FEWEST_GRADES = 4
_WORST_STARS, _BEST_STARS = 1.0, 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingRules:
    """The figures of numbers.md, "Search". Another figure is another `version`, which explanations name.

    Weights are parts of one. Whoever is above a limit of `penalised` keeps `penalty` of their score for each.
    """

    version: str
    weights: Mapping[str, float]
    price_tolerance: float
    least_price_tolerance: int  # whole units
    freshness_half_life: timedelta
    penalised: Mapping[str, float]
    penalty: float
    owner_cap: int
    newcomers_kept: int
    first: int
    newcomer_reviews: int
    newcomer_stars: float


RULES = RankingRules(
    version="2026-11",
    weights={
        "text": 0.45,
        "distance": 0.20,
        "rating": 0.12,
        "verification": 0.10,
        "price": 0.08,
        "availability": 0.03,
        "freshness": 0.02,
    },
    price_tolerance=0.5,
    least_price_tolerance=10,
    freshness_half_life=timedelta(days=30),
    penalised={"dispute_percent": 5.0, "cancellation_percent": 8.0, "late_percent": 10.0},
    penalty=0.8,
    owner_cap=2,
    newcomers_kept=3,
    first=20,
    newcomer_reviews=5,
    newcomer_stars=4.0,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a query says that results can be nearer to or farther from. Money is in minor units of `currency`."""

    now: datetime
    has_text: bool = False
    centre: Point | None = None
    radius_km: float = 1.0
    currency: str | None = None
    price_minor: int | None = None

    @property
    def today(self) -> datetime:
        """Ages are counted in days, so that pages of one day are of one order."""
        return self.now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A hit with its score, and what that is made of: each part as it counts, its weight in it."""

    hit: Hit
    rules: str
    score: float
    parts: Mapping[str, float]
    penalties: tuple[str, ...] = ()
    moved: str | None = None

    @property
    def order(self) -> tuple[float, int]:
        return (-self.score, _whole(self.hit.document, "tie_break"))


def ranked(hits: Sequence[Hit], wish: Wish, rules: RankingRules = RULES) -> list[Ranked]:
    """The best first."""
    grades = _grades(hits) if wish.has_text else {}
    found = [_ranked(hit, grades.get(hit.text_match, 1.0), wish, rules) for hit in hits]
    return sorted(found, key=lambda one: one.order)


def _ranked(hit: Hit, text: float, wish: Wish, rules: RankingRules) -> Ranked:
    document = hit.document
    parts = {
        "text": text,
        "distance": _nearness(document, wish),
        "rating": (_number(document, "rating", 4.0) - _WORST_STARS) / (_BEST_STARS - _WORST_STARS),
        "verification": 1.0
        if document.get("background_checked", document.get("is_verified")) is True
        else 0.0,
        "price": _price_fit(document, wish, rules),
        "availability": 1.0,
        "freshness": _freshness(document, wish, rules),
    }
    weighed = {name: round(rules.weights[name] * part, _DECIMALS) for name, part in parts.items()}
    penalties = tuple(name for name, limit in rules.penalised.items() if _number(document, name, 0.0) > limit)
    score = sum(weighed.values()) * rules.penalty ** len(penalties)
    return Ranked(hit, rules.version, round(score, _DECIMALS), weighed, penalties)


def _grades(hits: Sequence[Hit]) -> Mapping[int, float]:
    """Scores of text say which match is better and not by how much: engines pack several reasons into one number."""
    scores = sorted({hit.text_match for hit in hits}, reverse=True)
    steps = max(len(scores), _FEWEST_GRADES)
    return {score: 1 - number / steps for number, score in enumerate(scores)}


def _nearness(document: Document, wish: Wish) -> float:
    """A Gaussian: 1 at the point, 0.61 at half of the radius, 0.14 at its end."""
    if wish.centre is None:
        return 1.0
    point = point_of(document)
    if point is None:
        return 0.0
    return exp(-2 * (kilometres(wish.centre, point) / wish.radius_km) ** 2)


def _price_fit(document: Document, wish: Wish, rules: RankingRules) -> float:
    if wish.price_minor is None or wish.currency is None:
        return 1.0
    if document.get("currency") != wish.currency:
        return 0.0
    least = Money.whole(rules.least_price_tolerance, wish.currency).amount_minor
    tolerance = max(rules.price_tolerance * wish.price_minor, least)
    return max(0.0, 1 - abs(_whole(document, "price_minor") - wish.price_minor) / tolerance)


def _freshness(document: Document, wish: Wish, rules: RankingRules) -> float:
    created_at = datetime.fromtimestamp(_whole(document, "created"), UTC)
    age = max(wish.today - created_at, timedelta(0))
    return float(0.5 ** (age / rules.freshness_half_life))


def _number(document: Document, name: str, absent: float) -> float:
    found = document.get(name, absent)
    return float(found) if isinstance(found, int | float) else absent


def _whole(document: Document, name: str) -> int:
    return int(_number(document, name, 0))
