"""Whether a document surely does not meet a filter: most saved searches need not be asked at all.

Only what is plain is decided here. Whatever the engine may see in another way (words, cities, the edge of a circle) is
left to the engine, which has the last word on everything that is not ruled out.
"""

from callsheet.gateways.indexing import Document, Value
from callsheet.gateways.searching import AllOf, AnyOf, Between, Filter, Is, Within
from callsheet.search.distances import kilometres, point_of

# Compared by whole values that are keys of ours; whatever people write in their own way is not among them.
_KEYS = frozenset(
    [
        *("role", "tags", "languages", "experience", "studio_access", "platforms", "country", "currency"),
        *("deliverables", "software", "amenities"),
    ]
)
_NUMBERS = (
    *("price_minor", "rating_average", "height_cm", "turnaround_hours", "followers", "capacity", "area_m2"),
)
_FLAGS = ("instant_booking", "has_kit", "background_checked", "is_verified")
# Engines keep fractions in four bytes, and measure distances in their own way.
_ROUNDED, _MEASURED, _NEAR_KM = 0.001, 1.05, 1.0
DECIDED_BY = (*sorted(_KEYS), *_NUMBERS, *_FLAGS, "location")


def rules_out(one: Filter, document: Document) -> bool:
    """True where the document cannot meet the filter; what is not there meets none."""
    match one:
        case AnyOf(field, values) if field in _KEYS:
            return _keys_of(document, field).isdisjoint(map(_plain, values))
        case AllOf(field, values) if field in _KEYS:
            return not _keys_of(document, field).issuperset(map(_plain, values))
        case Is(field, value) if field in _FLAGS:
            return document.get(field) is not value
        case Between(field, low, high) if field in _NUMBERS:
            return _is_outside(document.get(field), low, high)
        case Within(_, centre, radius_km):
            point = point_of(document)
            return point is None or kilometres(centre, point) > radius_km * _MEASURED + _NEAR_KM
    return False


def _keys_of(document: Document, field: str) -> set[tuple[str, ...]]:
    found = document.get(field, [])
    return {_plain(str(value)) for value in (found if isinstance(found, list) else [found])}


def _plain(key: str) -> tuple[str, ...]:
    """As engines take keys apart."""
    return tuple(key.casefold().replace("-", " ").replace("_", " ").split())


def _is_outside(value: Value | None, low: float | None, high: float | None) -> bool:
    if not isinstance(value, int | float):
        return True
    return (low is not None and value < low - _ROUNDED) or (high is not None and value > high + _ROUNDED)
