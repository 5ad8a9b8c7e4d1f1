"""Taxes from a table of our own: fixed rates by jurisdiction, the same each time, nobody asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from callsheet.gateways.tax import (
    PartAmount,
    TaxableLine,
    TaxAnswer,
    TaxedLine,
    TaxPlace,
    TaxRequest,
    TaxTransaction,
)
from callsheet.gateways.tax_details import TaxDetail

# Standard rates of value added or sales tax on services, in hundredths of a percent; no entry means that none is
# collected there.
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
    """Implements `TaxGateway`: one rate a jurisdiction (ISO 3166, `DE` or `US-NY`), none where the table is silent.

    Nothing is reported to anybody: commits and reversals have ids of their own and no effect.
    """

    version: str = "fixed-2026-01"

    def calculate(self, request: TaxRequest) -> TaxAnswer:
        points = _RATES.get(request.jurisdiction, 0)
        lines = tuple(_taxed(line, request.place, points) for line in request.lines)
        return TaxAnswer(lines=lines, version=self.version)

    def commit(self, calculation_id: str, reference: str) -> TaxTransaction:  # noqa: ARG002 - the port's
        return TaxTransaction(id=f"fixed/{reference}", reference=reference)

    def reverse(
        self,
        transaction: TaxTransaction,  # noqa: ARG002 - the port's
        reference: str,
        amounts: Sequence[PartAmount] | None,
    ) -> TaxTransaction:
        return TaxTransaction(id=f"fixed/{reference}", reference=reference, lines=tuple(amounts or ()))


def _taxed(line: TaxableLine, place: TaxPlace, points: int) -> TaxedLine:
    """Rounded half up to a minor unit."""
    tax = line.amount.basis_points(points)
    detail = TaxDetail(
        part=line.part,
        amount=tax,
        taxable=line.amount,
        percentage=_percentage(points),
        country=place.country,
        state=place.state,
        level="state" if place.state else "country",
        display_name=place.state or place.country,
        taxability_reason="standard_rated",
    )
    details = (detail,) if points else ()
    return TaxedLine(
        part=line.part, amount=line.amount, tax=tax, rate=Fraction(points, 10_000), details=details
    )


def _percentage(points: int) -> str:
    """`19` for 1900 hundredths of a percent, `8.1` for 810."""
    return f"{points // 100}.{points % 100:02}".rstrip("0").rstrip(".")
