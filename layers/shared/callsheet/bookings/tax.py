"""Tax, through a port: today a table of fixed rates by jurisdiction."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from callsheet.kernel.money import Money


class TaxPort(Protocol):
    """Whoever knows the rate of a place. `version` is snapshotted on what was priced."""

    @property
    def version(self) -> str: ...

    def rate_basis_points(self, jurisdiction: str) -> int:
        """Hundredths of a percent on services performed, and on fees charged, in `jurisdiction`."""
        ...


# Standard rates of value added or sales tax on services; no entry means that none is collected there.
_RATES: Mapping[str, int] = {
    "AT": 2000,
    "BE": 2100,
    "CH": 810,
    "DE": 1900,
    "DK": 2500,
    "ES": 2100,
    "FR": 2000,
    "GB": 2000,
    "IE": 2300,
    "IT": 2200,
    "JP": 1000,
    "NL": 2100,
    "SE": 2500,
}


@dataclass(frozen=True, slots=True)
class FixedRateTax:
    """One rate a jurisdiction (ISO 3166, `DE` or `US-NY`), none where the table is silent."""

    version: str = "fixed-2026-01"

    def rate_basis_points(self, jurisdiction: str) -> int:
        return _RATES.get(jurisdiction, 0)


def tax_on(taxable: Money, rate_basis_points: int) -> Money:
    """Rounded half up to a minor unit."""
    return taxable.basis_points(rate_basis_points)
