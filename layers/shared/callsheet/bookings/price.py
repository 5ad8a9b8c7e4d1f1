"""A price as it was agreed; `pricing.py` says how one is made."""

from dataclasses import dataclass
from typing import Self

from pydantic import BaseModel, Field, model_validator

from callsheet.gateways.tax_details import TaxDetail
from callsheet.kernel.models import FROZEN
from callsheet.kernel.money import Money, total


class PriceLine(BaseModel):
    """One thing that is paid for; `key` is stable, e.g. `package` or `extra:lights`."""

    model_config = FROZEN

    key: str
    title: str
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeTerms:
    """What changes the fees of one booking.

    `on_top_of` is the subtotal that was priced before: its fees are paid, and only what comes on top is counted.
    """

    instant: bool = False
    background_checked: bool = False
    bank_debit: bool = False
    on_top_of: Money | None = None


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
    postal_code: str | None = Field(default=None, description="Where the work is done, where taxes need it")
    fee_version: str
    fee_terms: FeeTerms = Field(default=FeeTerms(), description="On which terms both fees were counted")
    tax_version: str
    tax_details: tuple[TaxDetail, ...] = Field(
        default=(), description="Which taxes the two consist of, a line each"
    )
    tax_calculation_id: str | None = Field(
        default=None,
        description="Stripe Tax's calculation, to be committed at capture; none of a fixed table's",
    )

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
