"""What a query means: filters by the field they are about. Raises InvalidFilter where parts do not fit together."""

from collections.abc import Iterator

from callsheet.gateways.searching import AllOf, AnyOf, Between, Filter, Is, Point, Within
from callsheet.search.errors import InvalidFilter
from callsheet.search.queries import DEFAULT_RADIUS_KM, Order, PeopleQuery, SearchQuery, StudioQuery

MAX_FILTERS = 12  # numbers.md, "Search"
LOCATION = "location"
_PRICED = frozenset({Order.PRICE_ASC, Order.PRICE_DESC})

# The parameters of each kind of filter, and the fields they are about where those have another name.
_ANY_OF = {
    "tags": "tags",
    "roles": "role",
    "languages": "languages",
    "experience": "experience",
    "studio_access": "studio_access",
    "platforms": "platforms",
    "city": "city",
    "country": "country",
    "currency": "currency",
}
_ALL_OF = ("deliverables", "software", "amenities")
_IS = ("instant_booking", "has_kit", "background_checked", "is_verified")
_BETWEEN = {
    "price_minor": ("min_price_minor", "max_price_minor"),
    "rating_average": ("min_rating", None),
    "height_cm": ("min_height_cm", "max_height_cm"),
    "turnaround_hours": (None, "max_turnaround_hours"),
    "followers": ("min_followers", None),
    "capacity": ("min_capacity", None),
    "area_m2": ("min_area_m2", None),
}


def centre_of(query: SearchQuery) -> Point | None:
    """The point that distances are measured from."""
    if query.latitude is None or query.longitude is None:
        return None
    return Point(query.latitude, query.longitude)


def radius_of(query: SearchQuery) -> float:
    return DEFAULT_RADIUS_KM if query.radius_km is None else query.radius_km


def filters_of(query: PeopleQuery | StudioQuery) -> tuple[Filter, ...]:
    _check_place(query)
    _check_price(query)
    found = tuple(_filters(query))
    if len(found) > MAX_FILTERS:
        raise InvalidFilter(
            f"At most {MAX_FILTERS} filters at once", extra={"maximum": MAX_FILTERS, "given": len(found)}
        )
    return found


def _filters(query: PeopleQuery | StudioQuery) -> Iterator[Filter]:
    for parameter, field in _ANY_OF.items():
        if (values := _values(query, parameter)) is not None:
            yield AnyOf(field, values)
    for parameter in _ALL_OF:
        if (values := _values(query, parameter)) is not None:
            yield AllOf(parameter, values)
    for parameter in _IS:
        if (value := getattr(query, parameter, None)) is not None:
            yield Is(parameter, value)
    for field, (low, high) in _BETWEEN.items():
        ends = _end(query, low), _end(query, high)
        if ends != (None, None):
            _check_order(low, high, ends)
            yield Between(field, *ends)
    if (centre := centre_of(query)) is not None:
        yield Within(LOCATION, centre, radius_of(query))


def _values(query: SearchQuery, parameter: str) -> tuple[str, ...] | None:
    given = getattr(query, parameter, None)
    if given is None:
        return None
    return (given,) if isinstance(given, str) else tuple(str(value) for value in given)


def _end(query: SearchQuery, parameter: str | None) -> float | None:
    found: float | None = getattr(query, parameter, None) if parameter else None
    return found


def _check_order(low: str | None, high: str | None, ends: tuple[float | None, float | None]) -> None:
    if high is not None and ends[0] is not None and ends[1] is not None and ends[0] > ends[1]:
        raise InvalidFilter.of(high, f"is not below {low}")


def _check_place(query: SearchQuery) -> None:
    for name, other in (("latitude", query.longitude), ("longitude", query.latitude)):
        if getattr(query, name) is None and other is not None:
            raise InvalidFilter.of(name, "a point has latitude and longitude")
    if query.latitude is None and query.radius_km is not None:
        raise InvalidFilter.of("radius_km", "a radius needs latitude and longitude")
    if query.latitude is None and query.sort is Order.DISTANCE:
        raise InvalidFilter.of("sort", "distances need latitude and longitude")


def _check_price(query: SearchQuery) -> None:
    is_priced = query.min_price_minor is not None or query.max_price_minor is not None
    if query.currency is None and (is_priced or query.sort in _PRICED):
        raise InvalidFilter.of("currency", "prices are compared in one currency")
