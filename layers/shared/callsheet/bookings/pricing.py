"""The price of a booking: deterministic, itemised, and adding up by construction (numbers.md, "Money").

The client pays subtotal + service tax + client's fee + tax on that fee; the provider gets the subtotal less the
provider's fee.
"""

from collections.abc import Callable, Sequence
from typing import Self

from pydantic import BaseModel, Field, model_validator

from callsheet.bookings.errors import AmountTooLarge, AmountTooSmall
from callsheet.bookings.fees import VERSION, FeeTerms, client_fee, provider_fee, schedule_of
from callsheet.bookings.tax import TaxPort, tax_on
from callsheet.kernel.models import FROZEN
from callsheet.kernel.money import Money, total

# Stripe, "Currencies", minimum and maximum charge amounts: eight digits.
MAX_PAYMENT_MINOR = 99_999_999


class PriceLine(BaseModel):
    """One thing that is paid for; `key` is stable, e.g. `package` or `extra:lights`."""

    model_config = FROZEN

    key: str
    title: str
    amount: Money


class PriceSnapshot(BaseModel):
    """What a booking costs and who gets what; kept on the booking and never changed."""

    model_config = FROZEN

    lines: tuple[PriceLine, ...]
    subtotal: Money
    service_tax: Money
    client_fee: Money
    fee_tax: Money
    total: Money = Field(description="What the client pays")
    provider_fee: Money
    provider_net: Money = Field(description="The subtotal less the provider's fee")
    jurisdiction: str
    fee_version: str
    tax_version: str

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        parts = (self.subtotal, self.service_tax, self.client_fee, self.fee_tax)
        if total(parts, self.subtotal.currency) != self.total:
            raise ValueError("the parts are not the total")
        if total([line.amount for line in self.lines], self.subtotal.currency) != self.subtotal:
            raise ValueError("the lines are not the subtotal")
        if self.provider_net + self.provider_fee != self.subtotal:
            raise ValueError("the provider's parts are not the subtotal")
        return self


def price(
    lines: Sequence[PriceLine], jurisdiction: str, tax: TaxPort, terms: FeeTerms | None = None
) -> PriceSnapshot:
    """The price of what `lines` name; at least one, all of one currency."""
    subtotal = total([line.amount for line in lines], lines[0].amount.currency)
    return _snapshot(subtotal, tuple(lines), jurisdiction, tax, terms or FeeTerms())


def price_direct_offer(
    amount: Money, title: str, jurisdiction: str, tax: TaxPort, terms: FeeTerms | None = None
) -> PriceSnapshot:
    """The price of an offer that names all that the client pays: fee and taxes are contained in it.

    Rounding can leave no subtotal that adds up to the last unit; the residue, at most three units, goes to the
    subtotal, the largest part. Raises AmountTooSmall where the fee alone is more than the amount.
    """
    chosen = terms or FeeTerms()
    schedule_of(amount.currency)
    if amount.amount_minor > MAX_PAYMENT_MINOR:
        raise AmountTooLarge(extra={"max_minor": MAX_PAYMENT_MINOR})

    def paid_for(subtotal_minor: int) -> int:
        rate = tax.rate_basis_points(jurisdiction)
        subtotal = Money.of(subtotal_minor, amount.currency)
        fee = client_fee(subtotal, chosen)
        return (subtotal + tax_on(subtotal, rate) + fee + tax_on(fee, rate)).amount_minor

    if paid_for(1) > amount.amount_minor:
        raise AmountTooSmall(extra={"amount_minor": amount.amount_minor, "currency": amount.currency})
    subtotal_minor = _largest(amount.amount_minor, lambda minor: paid_for(minor) <= amount.amount_minor)
    residue = amount.amount_minor - paid_for(subtotal_minor)
    subtotal = Money.of(subtotal_minor, amount.currency)
    line = PriceLine(key="offer", title=title, amount=subtotal + Money.of(residue, amount.currency))
    return _snapshot(subtotal, (line,), jurisdiction, tax, chosen)


def _largest(limit: int, fits: Callable[[int], bool]) -> int:
    """The largest whole number up to `limit` that fits, where all below it do too; 1 fits."""
    low, high = 1, limit
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(middle) else (low, middle - 1)
    return low


def _snapshot(
    charged: Money, lines: tuple[PriceLine, ...], jurisdiction: str, tax: TaxPort, terms: FeeTerms
) -> PriceSnapshot:
    """`charged` is what fee and taxes are counted on; the subtotal is the sum of the lines."""
    rate = tax.rate_basis_points(jurisdiction)
    subtotal = total([line.amount for line in lines], charged.currency)
    fee = client_fee(charged, terms)
    service_tax, fee_tax = tax_on(charged, rate), tax_on(fee, rate)
    paid = subtotal + service_tax + fee + fee_tax
    if paid.amount_minor > MAX_PAYMENT_MINOR:
        raise AmountTooLarge(extra={"max_minor": MAX_PAYMENT_MINOR})
    ours = provider_fee(subtotal, terms)
    return PriceSnapshot(
        lines=lines,
        subtotal=subtotal,
        service_tax=service_tax,
        client_fee=fee,
        fee_tax=fee_tax,
        total=paid,
        provider_fee=ours,
        provider_net=subtotal - ours,
        jurisdiction=jurisdiction,
        fee_version=VERSION,
        tax_version=tax.version,
    )
