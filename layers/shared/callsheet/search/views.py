"""What was found, as callers see it."""

from collections.abc import Mapping, Sequence

from pydantic import BaseModel, Field

from callsheet.catalogue.details import ProfileRole
from callsheet.catalogue.home import Home
from callsheet.gateways.indexing import Document, Value
from callsheet.gateways.searching import FacetCount, Part, Point
from callsheet.kernel.models import FROZEN
from callsheet.kernel.money import Money
from callsheet.kernel.page import Page
from callsheet.search.distances import kilometres, point_of
from callsheet.search.finding import Result
from callsheet.search.ranking import Ranked


class TextPart(BaseModel):
    """Parts of a text, one after the other; no mark-up stands in them."""

    model_config = FROZEN

    text: str
    is_match: bool


class Highlight(BaseModel):
    """Where the words were found: a piece of `field`."""

    model_config = FROZEN

    field: str
    parts: tuple[TextPart, ...]


class FoundRating(BaseModel):
    model_config = FROZEN

    reviews: int = 0
    average: float | None = Field(default=None, description="Null where there is no review")


class Explanation(BaseModel):
    """Why a result stands where it stands, by the rules of that version."""

    model_config = FROZEN

    rules: str
    score: float
    parts: dict[str, float] = Field(description="What each part adds to the score")
    penalties: tuple[str, ...] = ()
    moved: str | None = Field(default=None, description="`owner_cap` or `newcomer` where fairness moved it")


class FoundThing(BaseModel):
    """What people and studios are both shown with; the page itself has the rest."""

    model_config = FROZEN

    id: str
    user_id: str
    title: str
    slug: str | None = None
    headline: str | None = None
    tags: tuple[str, ...] = ()
    home: Home | None = Field(default=None, description="A city, never a door")
    distance_km: float | None = Field(default=None, description="From the point that was given")
    price: Money | None = Field(default=None, description="The lowest")
    rating: FoundRating = FoundRating()
    instant_booking: bool = False
    picture_id: str | None = None
    highlights: tuple[Highlight, ...] = ()
    explanation: Explanation | None = Field(default=None, description="Where an admin has asked for it")


class FoundPerson(FoundThing):
    """A profile."""

    role: ProfileRole
    handle: str | None = None
    languages: tuple[str, ...] = ()
    experience: str | None = None
    background_checked: bool = False


class FoundStudio(FoundThing):
    """A studio."""

    amenities: tuple[str, ...] = ()
    capacity: int | None = None
    is_verified: bool = False


class FacetValue(BaseModel):
    model_config = FROZEN

    value: str
    count: int


class Found[T](Page[T]):
    """A list ends after a thousand results. While no search engine answers, it is `degraded`: in no order that means
    anything, and a page may be short, or empty, before the last.
    """

    total: int | None = Field(description="All that match; null where degraded")
    facets: dict[str, tuple[FacetValue, ...]] = Field(
        default={}, description="By the facets that were asked for; each as if its own filter were not set"
    )
    degraded: bool = Field(
        default=False, description="No search engine answers: found by role, city and filters"
    )
    not_honoured: tuple[str, ...] = Field(
        default=(), description="Parameters that were given and make no difference, where degraded"
    )


class PeoplePage(Found[FoundPerson]):
    """A page of people."""


class StudioPage(Found[FoundStudio]):
    """A page of studios."""


_SAME = ("id", "title", "slug", "headline", "tags", "instant_booking", "picture_id")
_OF_BOTH = (
    *_SAME,
    *("owner_id", "city", "country", "location", "currency", "price_minor", "rating_average", "rating_count"),
)
_OF_PEOPLE = ("role", "handle", "languages", "experience", "background_checked")
_OF_STUDIOS = ("amenities", "capacity", "is_verified")
# The fields of documents that are asked for.
PEOPLE_SHOWN = (*_OF_BOTH, *_OF_PEOPLE)
STUDIOS_SHOWN = (*_OF_BOTH, *_OF_STUDIOS)


def person_of(result: Result, centre: Point | None) -> FoundPerson:
    return FoundPerson.model_validate(_thing(result, centre) | _picked(result.hit.document, _OF_PEOPLE))


def studio_of(result: Result, centre: Point | None) -> FoundStudio:
    return FoundStudio.model_validate(_thing(result, centre) | _picked(result.hit.document, _OF_STUDIOS))


def facets_of(found: Mapping[str, Sequence[FacetCount]]) -> dict[str, tuple[FacetValue, ...]]:
    return {
        facet: tuple(FacetValue(value=one.value, count=one.count) for one in counts)
        for facet, counts in found.items()
    }


def _thing(result: Result, centre: Point | None) -> dict[str, object]:
    hit = result.hit
    document, point = hit.document, point_of(hit.document)
    found = dict(_picked(document, _SAME))
    found["user_id"] = document["owner_id"]
    found["rating"] = {
        "reviews": document.get("rating_count", 0),
        "average": document.get("rating_average"),
    }
    if point is not None:
        found["home"] = {**_picked(document, ("city", "country")), **_degrees(point)}
    if point is not None and centre is not None:
        found["distance_km"] = round(kilometres(centre, point), 1)
    if "price_minor" in document:
        found["price"] = {"amount_minor": document["price_minor"], "currency": document["currency"]}
    found["highlights"] = [
        {"field": field, "parts": [_part(part) for part in parts]} for field, parts in hit.highlights.items()
    ]
    if result.ranked is not None:
        found["explanation"] = _explanation(result.ranked)
    return found


def _explanation(ranked: Ranked) -> Explanation:
    return Explanation(
        rules=ranked.rules,
        score=ranked.score,
        parts=dict(ranked.parts),
        penalties=ranked.penalties,
        moved=ranked.moved,
    )


def _picked(document: Document, names: tuple[str, ...]) -> dict[str, object]:
    return {name: document[name] for name in names if name in document}


def _degrees(point: Point) -> Mapping[str, Value]:
    return {"latitude": point.latitude, "longitude": point.longitude}


def _part(part: Part) -> Mapping[str, object]:
    return {"text": part.text, "is_match": part.is_match}
