"""What can be searched for, as callers say it in a query string: commas stand between the values of one filter."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator, Field, WithJsonSchema

from callsheet.catalogue.details import Experience, Platform, ProfileRole, StudioAccess, Word
from callsheet.catalogue.home import Country
from callsheet.catalogue.selling import MAX_PRICE_MINOR
from callsheet.kernel.money import Currency
from callsheet.kernel.page import PageQuery
from callsheet.kernel.text import Line
from callsheet.search.wording import Findable

MAX_VALUES = 10
DEFAULT_RADIUS_KM = 50.0  # numbers.md, "Search"


def _split(given: object) -> object:
    return tuple(given.split(",")) if isinstance(given, str) else given


def _listed(pattern: str) -> WithJsonSchema:
    """A string of values with commas between them, as OpenAPI says it."""
    several = f"^{pattern}(,{pattern}){{0,{MAX_VALUES - 1}}}$"
    return WithJsonSchema({"type": "string", "pattern": several, "maxLength": 500})


def _one_of(words: Sequence[str]) -> WithJsonSchema:
    return _listed(f"({'|'.join(words)})")


_SEVERAL = Field(min_length=1, max_length=MAX_VALUES)

type Words = Annotated[tuple[Word, ...], _SEVERAL, BeforeValidator(_split), _listed("[a-z][a-z0-9_]{0,39}")]
type LanguageCode = Annotated[str, Field(pattern="^[a-z]{2,3}$")]
type Price = Annotated[int, Field(ge=0, le=MAX_PRICE_MINOR, description="Minor units, e.g. cents")]
type Text = Annotated[Findable, Field(description="Words to find, misspelt or unfinished ones too")]


class Order(StrEnum):
    """What comes first."""

    RELEVANCE = "relevance"
    DISTANCE = "distance"
    PRICE_ASC = "price_asc"
    PRICE_DESC = "price_desc"
    RATING = "rating"
    NEWEST = "newest"


class SearchQuery(PageQuery):
    """What people and studios are both searched by."""

    q: Text | None = None
    tags: Words | None = Field(default=None, description="Any of them")
    city: Line | None = None
    country: Country | None = None
    latitude: float | None = Field(default=None, ge=-90, le=90, allow_inf_nan=False)
    longitude: float | None = Field(default=None, ge=-180, le=180, allow_inf_nan=False)
    radius_km: float | None = Field(
        default=None,
        ge=1,
        le=500,
        allow_inf_nan=False,
        description="Around the point; 50 where none is given",
    )
    currency: Currency | None = Field(default=None, description="Only who has prices in it")
    min_price_minor: Price | None = None
    max_price_minor: Price | None = None
    min_rating: float | None = Field(
        default=None, ge=1, le=5, allow_inf_nan=False, description="Of the average; only who has one"
    )
    instant_booking: bool | None = None
    sort: Order = Order.RELEVANCE
    explain: bool = Field(
        default=False, description="Why each stands where it stands; for admins, by relevance"
    )


class PeopleFacet(StrEnum):
    """What results are counted by."""

    ROLE = "role"
    TAGS = "tags"
    LANGUAGES = "languages"
    CITY = "city"
    COUNTRY = "country"
    EXPERIENCE = "experience"
    DELIVERABLES = "deliverables"
    SOFTWARE = "software"
    PLATFORMS = "platforms"
    STUDIO_ACCESS = "studio_access"
    INSTANT_BOOKING = "instant_booking"
    BACKGROUND_CHECKED = "background_checked"


class StudioFacet(StrEnum):
    """What results are counted by."""

    AMENITIES = "amenities"
    TAGS = "tags"
    CITY = "city"
    COUNTRY = "country"
    INSTANT_BOOKING = "instant_booking"
    IS_VERIFIED = "is_verified"


class PeopleQuery(SearchQuery):
    """Whom to find."""

    roles: (
        Annotated[tuple[ProfileRole, ...], _SEVERAL, BeforeValidator(_split), _one_of(list(ProfileRole))]
        | None
    ) = Field(default=None, description="Any of them")
    languages: (
        Annotated[tuple[LanguageCode, ...], _SEVERAL, BeforeValidator(_split), _listed("[a-z]{2,3}")] | None
    ) = Field(default=None, description="Any of them, without regions")
    experience: (
        Annotated[tuple[Experience, ...], _SEVERAL, BeforeValidator(_split), _one_of(list(Experience))] | None
    ) = Field(default=None, description="Any of them")
    studio_access: (
        Annotated[tuple[StudioAccess, ...], _SEVERAL, BeforeValidator(_split), _one_of(list(StudioAccess))]
        | None
    ) = Field(default=None, description="Any of them")
    platforms: (
        Annotated[tuple[Platform, ...], _SEVERAL, BeforeValidator(_split), _one_of(list(Platform))] | None
    ) = Field(default=None, description="Any of them")
    deliverables: Words | None = Field(default=None, description="All of them")
    software: Words | None = Field(default=None, description="All of them")
    has_kit: bool | None = None
    background_checked: bool | None = None
    min_height_cm: int | None = Field(default=None, ge=50, le=250)
    max_height_cm: int | None = Field(default=None, ge=50, le=250)
    max_turnaround_hours: int | None = Field(default=None, ge=1, le=2160)
    min_followers: int | None = Field(default=None, ge=0, le=10**10, description="On one platform")
    facets: (
        Annotated[tuple[PeopleFacet, ...], _SEVERAL, BeforeValidator(_split), _one_of(list(PeopleFacet))]
        | None
    ) = Field(default=None, description="What to count all results by")


class StudioQuery(SearchQuery):
    """Which studio to find."""

    amenities: Words | None = Field(default=None, description="All of them")
    min_capacity: int | None = Field(default=None, ge=1, le=1000, description="Persons")
    min_area_m2: int | None = Field(default=None, ge=1, le=10_000)
    is_verified: bool | None = None
    facets: (
        Annotated[tuple[StudioFacet, ...], _SEVERAL, BeforeValidator(_split), _one_of(list(StudioFacet))]
        | None
    ) = Field(default=None, description="What to count all results by")
