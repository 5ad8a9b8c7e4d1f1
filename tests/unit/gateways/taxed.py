"""Stripe Tax's answers as a test says they are: several jurisdictions, each rounded for itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.unit.gateways.canned import Json


@dataclass(frozen=True, slots=True)
class Levy:
    """One tax of one jurisdiction, counted on the whole line unless `taxable` says on how much of it."""

    amount: int
    percentage: str
    country: str = "US"
    state: str | None = "CA"
    level: str = "state"
    display_name: str = "California"
    reason: str = "standard_rated"
    taxable: int | None = None


def a_line(part: str, amount: int, levies: Sequence[Levy] = ()) -> Json:
    return {
        "id": f"tax_li_{part}",
        "object": "tax.calculation_line_item",
        "amount": amount,
        "amount_tax": sum(levy.amount for levy in levies),
        "reference": part,
        "quantity": 1,
        "tax_behavior": "exclusive",
        "tax_code": "txcd_20030000",
        "tax_breakdown": [_breakdown(levy, amount) for levy in levies],
    }


def a_calculation(*lines: Json, currency: str = "usd", **changes: object) -> Json:
    return {
        "id": "taxcalc_1",
        "object": "tax.calculation",
        "currency": currency,
        "expires_at": 1_780_000_000,
        "line_items": {"object": "list", "data": list(lines), "has_more": False, "url": "/v1/"},
        **changes,
    }


def a_transaction(*lines: Json, **changes: object) -> Json:
    return {
        "id": "tax_1",
        "object": "tax.transaction",
        "currency": "usd",
        "reference": "bkg_1",
        "type": "transaction",
        "line_items": {"object": "list", "data": list(lines), "has_more": False, "url": "/v1/"},
        **changes,
    }


def a_committed_line(part: str, amount: int, tax: int) -> Json:
    return {
        "id": f"tax_li_{part}",
        "object": "tax.transaction_line_item",
        "amount": amount,
        "amount_tax": tax,
        "reference": part,
        "type": "transaction",
    }


def _breakdown(levy: Levy, amount: int) -> Json:
    return {
        "amount": levy.amount,
        "jurisdiction": {
            "country": levy.country,
            "state": levy.state,
            "level": levy.level,
            "display_name": levy.display_name,
        },
        "sourcing": "destination",
        "tax_rate_details": {
            "display_name": "Sales Tax",
            "percentage_decimal": levy.percentage,
            "tax_type": "sales_tax",
        },
        "taxability_reason": levy.reason,
        "taxable_amount": amount if levy.taxable is None else levy.taxable,
    }
