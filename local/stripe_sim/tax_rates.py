"""The simulator's rates of tax by place: a small table, right in kind and roughly right in figure, of 2026.

It is one of a platform that is registered everywhere in it and nowhere else. What is sold makes no difference.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rate:
    """One authority's part. `level` and `name` describe the jurisdiction, `title` the tax."""

    level: str
    name: str
    tax_type: str
    title: str
    percentage: str


def _vat(name: str, percentage: str, tax_type: str = "vat", title: str = "VAT") -> tuple[Rate, ...]:
    return (Rate("country", name, tax_type, title, percentage),)


_COUNTRIES: Mapping[str, tuple[Rate, ...]] = {
    "AT": _vat("Austria", "20.0"),
    "AU": _vat("Australia", "10.0", "gst", "GST"),
    "BE": _vat("Belgium", "21.0"),
    "CH": _vat("Switzerland", "8.1"),
    "DE": _vat("Germany", "19.0"),
    "DK": _vat("Denmark", "25.0"),
    "ES": _vat("Spain", "21.0"),
    "FI": _vat("Finland", "25.5"),
    "FR": _vat("France", "20.0"),
    "GB": _vat("United Kingdom", "20.0"),
    "IE": _vat("Ireland", "23.0"),
    "IT": _vat("Italy", "22.0"),
    "JP": _vat("Japan", "10.0", "jct", "Consumption tax"),
    "LU": _vat("Luxembourg", "17.0"),
    "NL": _vat("Netherlands", "21.0"),
    "NO": _vat("Norway", "25.0"),
    "NZ": _vat("New Zealand", "15.0", "gst", "GST"),
    "PL": _vat("Poland", "23.0"),
    "PT": _vat("Portugal", "23.0"),
    "SE": _vat("Sweden", "25.0"),
    "SG": _vat("Singapore", "9.0", "gst", "GST"),
}
EU = frozenset(["AT", "BE", "DE", "DK", "ES", "FI", "FR", "IE", "IT", "LU", "NL", "PL", "PT", "SE"])
_GST = Rate("country", "Canada", "gst", "GST", "5.0")


def _hst(name: str, percentage: str) -> tuple[Rate, ...]:
    return (Rate("state", name, "hst", "HST", percentage),)


_PROVINCES: Mapping[str, tuple[Rate, ...]] = {
    "AB": (_GST,),
    "BC": (_GST, Rate("state", "British Columbia", "pst", "PST", "7.0")),
    "MB": (_GST, Rate("state", "Manitoba", "rst", "RST", "7.0")),
    "NB": _hst("New Brunswick", "15.0"),
    "NL": _hst("Newfoundland and Labrador", "15.0"),
    "NS": _hst("Nova Scotia", "14.0"),
    "NT": (_GST,),
    "NU": (_GST,),
    "ON": _hst("Ontario", "13.0"),
    "PE": _hst("Prince Edward Island", "15.0"),
    "QC": (_GST, Rate("state", "Quebec", "qst", "QST", "9.975")),
    "SK": (_GST, Rate("state", "Saskatchewan", "pst", "PST", "6.0")),
    "YT": (_GST,),
}


def _sales(level: str, name: str, percentage: str) -> Rate:
    return Rate(level, name, "sales_tax", "Sales tax", percentage)


_STATES: Mapping[str, Rate] = {
    "CA": _sales("state", "California", "7.25"),
    "FL": _sales("state", "Florida", "6.0"),
    "IL": _sales("state", "Illinois", "6.25"),
    "NY": _sales("state", "New York", "4.0"),
    "TX": _sales("state", "Texas", "6.25"),
    "WA": _sales("state", "Washington", "6.5"),
}
_NEW_YORK_CITY = (
    _sales("city", "New York City", "4.5"),
    _sales("district", "Metropolitan Commuter Transportation District", "0.375"),
)
_LOS_ANGELES = (_sales("county", "Los Angeles County", "2.25"),)
_AUSTIN = (_sales("city", "Austin", "1.0"), _sales("district", "Austin MTA", "1.0"))
_SEATTLE = (_sales("city", "Seattle", "3.85"),)
# What begins a ZIP code → what comes on top of the state's.
_LOCAL: Mapping[str, tuple[Rate, ...]] = {
    **dict.fromkeys(["100", "101", "102", "103", "104", "111", "112", "113", "114", "116"], _NEW_YORK_CITY),
    **dict.fromkeys(["900", "901", "902"], _LOS_ANGELES),
    "787": _AUSTIN,
    "981": _SEATTLE,
}
# Which state a ZIP code is in, where the address does not say (first and last three digits).
_ZIPS = {
    "NY": ("100", "149"),
    "FL": ("320", "349"),
    "IL": ("600", "629"),
    "TX": ("750", "799"),
    "CA": ("900", "961"),
    "WA": ("980", "994"),
}


def state_of(country: str, state: str | None, postal_code: str | None) -> str | None:
    """The state as its short code; from the ZIP code where it is not said."""
    if state:
        return state.upper().removeprefix(f"{country}-")
    if country != "US" or not postal_code:
        return None
    return next((name for name, (first, last) in _ZIPS.items() if first <= postal_code[:3] <= last), None)


def rates_at(country: str, state: str | None, postal_code: str | None) -> tuple[Rate, ...]:
    """None where the platform does not collect."""
    if country == "US":
        at = _STATES.get(state or "")
        return () if at is None else (at, *_LOCAL.get((postal_code or "")[:3], ()))
    if country == "CA":
        return _PROVINCES.get(state or "", (_GST,))
    return _COUNTRIES.get(country, ())
