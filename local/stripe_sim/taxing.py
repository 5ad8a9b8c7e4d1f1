"""How one line is taxed: half up to the minor unit, each authority's part by itself."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from local.stripe_sim.errors import Refusal
from local.stripe_sim.shapes import Json, Obj, Params, maybe_text_of
from local.stripe_sim.tax_rates import EU, Rate, rates_at, state_of


@dataclass(frozen=True, slots=True)
class Place:
    """Where a customer is, and whether and why nothing is collected there."""

    country: str
    state: str | None
    rates: tuple[Rate, ...]
    exemption: str | None

    @property
    def reason(self) -> str:
        return self.exemption or ("standard_rated" if self.rates else "not_collecting")


def place_of(details: Params, address: Obj) -> Place:
    """Raises Refusal where Stripe could not tell the place from the address."""
    country = (maybe_text_of(address, "country") or "").upper()
    postal_code = maybe_text_of(address, "postal_code")
    state = state_of(country, maybe_text_of(address, "state"), postal_code)
    is_known = len(country) == 2 and country.isalpha()
    if country == "US":
        is_known = (postal_code or "")[:5].isdigit() and len(postal_code or "") >= 5
    if country == "CA":
        is_known = bool(state or postal_code)
    if not is_known:
        raise Refusal(
            "We could not determine the customer's tax location based on the provided customer address.",
            code="customer_tax_location_invalid",
            param="customer_details[address]",
        )
    return Place(country, state, rates_at(country, state, postal_code), _exemption(details, country))


def _exemption(details: Params, country: str) -> str | None:
    override = details.maybe_text("taxability_override")
    if override in {"customer_exempt", "reverse_charge"}:
        return override
    ids = details.values.get("tax_ids")
    types = [one["type"] for one in ids if isinstance(one, dict)] if isinstance(ids, list) else []
    return "reverse_charge" if country in EU and "eu_vat" in types else None


def breakdown(place: Place, amount: int, *, is_inclusive: bool) -> list[Obj]:
    """The line's taxes, one an authority; one of nothing where none is collected."""
    rates = () if place.exemption else place.rates
    if not rates:
        level = "state" if place.country == "US" and place.state else "country"
        nobody = Rate(level, place.state or place.country, "", "", "0.0")
        return [_entry(place, nobody, 0, 0)]
    total = sum((Decimal(rate.percentage) for rate in rates), Decimal(0)) / 100
    whole = 1 + total if is_inclusive else Decimal(1)
    taxes = [_rounded(amount * Decimal(rate.percentage) / 100 / whole) for rate in rates]
    taxable = amount - sum(taxes) if is_inclusive else amount
    return [_entry(place, rate, tax, taxable) for rate, tax in zip(rates, taxes, strict=True)]


def _rounded(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))


def _entry(place: Place, at: Rate, tax: int, taxable: int) -> Obj:
    details: Json = None
    if at.tax_type:
        details = {"display_name": at.title, "percentage_decimal": at.percentage, "tax_type": at.tax_type}
    return {
        "amount": tax,
        "jurisdiction": {
            "country": place.country,
            "display_name": at.name,
            "level": at.level,
            "state": None if at.level == "country" else place.state,
        },
        "sourcing": "destination",
        "tax_rate_details": details,
        "taxability_reason": place.reason,
        "taxable_amount": taxable,
    }
