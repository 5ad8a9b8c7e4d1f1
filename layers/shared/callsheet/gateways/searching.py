"""What a search engine is asked, whichever it is: in words that are not one engine's own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from callsheet.gateways.indexing import Document


@dataclass(frozen=True, slots=True)
class AnyOf:
    """The field has one of the values, whole."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """The field, a list, has each of the values."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Is:
    field: str
    value: bool


@dataclass(frozen=True, slots=True)
class Between:
    """Both ends belong to it; None is no end."""

    field: str
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """Degrees north and east."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Within:
    field: str
    centre: Point
    radius_km: float


type Filter = AnyOf | AllOf | Is | Between | Within


@dataclass(frozen=True, slots=True)
class By:
    """By a field, the smallest first."""

    field: str
    is_descending: bool = False


@dataclass(frozen=True, slots=True)
class ByText:
    """By how well the text matches, the best first."""


@dataclass(frozen=True, slots=True)
class ByDistance:
    """The nearest first."""

    field: str
    centre: Point


type Sort = By | ByText | ByDistance


@dataclass(frozen=True, slots=True, kw_only=True)
class TextField:
    """`weight` among the fields, from 1 to 15; `typos` letters may be wrong. The last word may be unfinished."""

    name: str
    weight: int
    typos: int = 2
    is_highlighted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One search of a collection or alias. Without `text` everything matches.

    At most three sorts. `page` counts from one. `shown` are the fields that come back; `facet` is one field to count,
    and `facet_prefix` leaves only values that begin so. Where nothing has all
    words, engines do with fewer, unless it `needs_every_word`.
    """

    collection: str
    text: str | None = None
    text_fields: tuple[TextField, ...]
    filters: tuple[Filter, ...] = ()
    sorts: tuple[Sort, ...] = ()
    page: int = 1
    per_page: int = 20
    shown: tuple[str, ...] = ()
    facet: str | None = None
    facet_prefix: str | None = None
    facet_values: int = 20
    needs_every_word: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a text, and whether it is what was searched for."""

    text: str
    is_match: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """`text_match` grows with how well the text matches, and says nothing beyond one search."""

    document: Document
    text_match: int
    highlights: Mapping[str, tuple[Part, ...]]


@dataclass(frozen=True, slots=True)
class FacetCount:
    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Found:
    """`total` are all that match, of which `hits` are a page; `counts` the most frequent values of the facet."""

    total: int
    hits: tuple[Hit, ...]
    counts: tuple[FacetCount, ...] = ()


class SearchEngine(Protocol):
    def search(self, asks: Sequence[Ask]) -> Sequence[Found]:
        """What each finds, in one call. Raises SearchUnavailable, CollectionMissing."""
