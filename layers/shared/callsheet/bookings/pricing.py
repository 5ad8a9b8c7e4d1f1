"""The price of a booking: deterministic, itemised, and adding up by construction (numbers.md, "Money").

The client pays subtotal + service tax + client's fee + tax on that fee; the provider gets the subtotal less the
provider's fee. Nothing here speaks to anybody: who says what the taxes are is handed in (`TaxCalculator`).
"""

from collections.abc import Callable, Sequence

from callsheet.bookings.errors import AmountTooLarge, AmountTooSmall
from callsheet.bookings.fees import VERSION, client_fee, provider_fee, schedule_of
from callsheet.bookings.price import FeeTerms, PriceLine, PriceSnapshot
from callsheet.gateways.tax import TaxableLine, TaxAnswer, TaxCalculator, TaxRequest
from callsheet.gateways.tax_details import TaxedPart
from callsheet.kernel.money import Money, total

# Stripe, "Currencies", minimum and maximum charge amounts: eight digits.
MAX_PAYMENT_MINOR = 99_999_999


def price(
    lines: Sequence[PriceLine],
    jurisdiction: str,
    tax: TaxCalculator,
    terms: FeeTerms | None = None,
    *,
    postal_code: str | None = None,
) -> PriceSnapshot:
    """The price of what `lines` name; at least one, all of one currency. `tax` is asked once.

    `jurisdiction` and `postal_code` say where the work is done.
    """
    subtotal = total([line.amount for line in lines], lines[0].amount.currency)
    chosen = terms or FeeTerms()
    asked = taxed_parts(subtotal, jurisdiction, chosen, postal_code)
    return snapshot_of(subtotal, lines, asked, tax.calculate(asked), chosen)


def price_direct_offer(
    amount: Money,
    title: str,
    jurisdiction: str,
    tax: TaxCalculator,
    terms: FeeTerms | None = None,
    *,
    postal_code: str | None = None,
) -> PriceSnapshot:
    """The price of an offer that names all that the client pays: fee and taxes are contained in it.

    `tax` is asked twice: for the rates of the place, and for the taxes on the split that they lead to. What rounding
    (or a place whose taxes are no straight line) leaves over or lacks goes to the subtotal, the largest part; with a
    table of rates that is three units at most. Raises AmountTooSmall where the fee alone is more than the amount.
    """
    chosen = terms or FeeTerms()
    schedule_of(amount.currency)
    if amount.amount_minor > MAX_PAYMENT_MINOR:
        raise AmountTooLarge(extra={"max_minor": MAX_PAYMENT_MINOR})
    too_small = AmountTooSmall(extra={"amount_minor": amount.amount_minor, "currency": amount.currency})
    if _untaxed(Money.of(1, amount.currency), chosen).amount_minor > amount.amount_minor:
        raise too_small  # before anybody is asked
    rates = tax.calculate(taxed_parts(amount, jurisdiction, chosen, postal_code))
    charged = contained_in(amount, rates, chosen)
    if charged is None:
        raise too_small
    asked = taxed_parts(charged, jurisdiction, chosen, postal_code)
    taxed = tax.calculate(asked)
    subtotal = amount - client_fee(charged, chosen) - _taxes(taxed, amount.currency)
    if subtotal.amount_minor < 1:
        raise too_small
    line = PriceLine(key="offer", title=title, amount=subtotal)
    return snapshot_of(charged, [line], asked, taxed, chosen)


def taxed_parts(
    charged: Money, jurisdiction: str, terms: FeeTerms, postal_code: str | None = None
) -> TaxRequest:
    """What is taxed where the service costs `charged`; what costs nothing is not asked about."""
    parts = ((TaxedPart.SERVICE, charged), (TaxedPart.FEE, client_fee(charged, terms)))
    lines = tuple(TaxableLine(part=part, amount=amount) for part, amount in parts if not amount.is_zero)
    return TaxRequest(jurisdiction=jurisdiction, postal_code=postal_code, lines=lines)


def contained_in(amount: Money, rates: TaxAnswer, terms: FeeTerms) -> Money | None:
    """The largest subtotal whose fee and taxes, at these rates, leave it within `amount`; None where none does."""
    on_service, on_fee = rates.rate_of(TaxedPart.SERVICE), rates.rate_of(TaxedPart.FEE)

    def fits(subtotal_minor: int) -> bool:
        subtotal = Money.of(subtotal_minor, amount.currency)
        taxes = subtotal.times(on_service) + client_fee(subtotal, terms).times(on_fee)
        return _untaxed(subtotal, terms) + taxes <= amount

    return Money.of(_largest(amount.amount_minor, fits), amount.currency) if fits(1) else None


def _largest(limit: int, fits: Callable[[int], bool]) -> int:
    """The largest whole number up to `limit` that fits, where all below it do too; 1 fits."""
    low, high = 1, limit
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(middle) else (low, middle - 1)
    return low


def _untaxed(subtotal: Money, terms: FeeTerms) -> Money:
    return subtotal + client_fee(subtotal, terms)


def _taxes(taxed: TaxAnswer, currency: str) -> Money:
    return total([line.tax for line in taxed.lines], currency)


def snapshot_of(
    charged: Money, lines: Sequence[PriceLine], asked: TaxRequest, taxed: TaxAnswer, terms: FeeTerms
) -> PriceSnapshot:
    """The price at these taxes. Fee and taxes are counted on `charged`; the subtotal is the sum of the lines."""
    currency = charged.currency
    subtotal = total([line.amount for line in lines], currency)
    fee = client_fee(charged, terms)
    service_tax, fee_tax = (taxed.tax_on(part, currency) for part in (TaxedPart.SERVICE, TaxedPart.FEE))
    paid = subtotal + service_tax + fee + fee_tax
    if paid.amount_minor > MAX_PAYMENT_MINOR:
        raise AmountTooLarge(extra={"max_minor": MAX_PAYMENT_MINOR})
    ours = provider_fee(subtotal, terms)
    return PriceSnapshot(
        lines=tuple(lines),
        subtotal=subtotal,
        service_tax=service_tax,
        client_fee=fee,
        fee_tax=fee_tax,
        total=paid,
        provider_fee=ours,
        provider_net=subtotal - ours,
        jurisdiction=asked.jurisdiction,
        postal_code=asked.postal_code,
        fee_version=VERSION,
        fee_terms=terms,
        tax_version=taxed.version,
        tax_details=taxed.details,
        tax_calculation_id=taxed.calculation_id,
    )
