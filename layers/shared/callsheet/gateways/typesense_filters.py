"""Filters in Typesense's language."""

from collections.abc import Sequence

from callsheet.gateways.searching import AllOf, AnyOf, Between, Filter, Is, Within


def filter_by(filters: Sequence[Filter]) -> str:
    """All of them; what callers have given stands in quotation marks."""
    return " && ".join(map(_filter, filters))


def _filter(one: Filter) -> str:
    match one:
        case AnyOf(field, values):
            return f"{field}:=[{','.join(map(_quoted, values))}]"
        case AllOf(field, values):
            return " && ".join(f"{field}:={_quoted(value)}" for value in values)
        case Is(field, value):
            return f"{field}:={'true' if value else 'false'}"
        case Between(field, low, high):
            ends = [(">=", low), ("<=", high)]
            return " && ".join(f"{field}:{sign}{_number(end)}" for sign, end in ends if end is not None)
        case Within(field, centre, radius_km):
            return f"{field}:({centre.latitude:.5f},{centre.longitude:.5f},{radius_km:g} km)"


def _number(value: float) -> str:
    """Without an exponent; a whole number without a point, which fields of whole numbers refuse."""
    return str(value) if isinstance(value, int) else f"{value:.4f}"


def _quoted(value: str) -> str:
    """Nothing ends a quotation but what opens it, and that is left out: it stands in no value of ours."""
    return f"`{value.replace('`', '')}`"
