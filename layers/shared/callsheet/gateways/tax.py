"""What Callsheet asks of whoever knows the taxes of a place: a table of ours, or `gateways/stripe_tax.py`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Protocol, Self

from pydantic import BaseModel, Field

from callsheet.gateways.tax_details import TaxDetail, TaxedPart
from callsheet.kernel.models import FROZEN
from callsheet.kernel.money import Money, total


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxPlace:
    """Where a service is performed. Stripe wants a postal code in the United States, and elsewhere none."""

    country: str
    state: str | None = None
    postal_code: str | None = None

    @classmethod
    def of(cls, jurisdiction: str, postal_code: str | None = None) -> Self:
        """The place that `DE` or `US-NY` names (ISO 3166)."""
        country, _, state = jurisdiction.partition("-")
        return cls(country=country, state=state or None, postal_code=postal_code)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxableLine:
    """An amount before tax."""

    part: TaxedPart
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxRequest:
    """What is to be taxed: one line a part at most, all of one currency."""

    jurisdiction: str
    postal_code: str | None = None
    lines: tuple[TaxableLine, ...]

    @property
    def place(self) -> TaxPlace:
        return TaxPlace.of(self.jurisdiction, self.postal_code)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxedLine:
    """The tax on one line. `rate` is what to count with before the exact split is known; `tax` is what is charged."""

    part: TaxedPart
    amount: Money
    tax: Money
    rate: Fraction
    details: tuple[TaxDetail, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxAnswer:
    """The taxes on a request. `version` names who has answered; `calculation_id` is there where it can be committed."""

    lines: tuple[TaxedLine, ...]
    version: str
    calculation_id: str | None = None
    expires_at: datetime | None = None

    @property
    def details(self) -> tuple[TaxDetail, ...]:
        return tuple(detail for line in self.lines for detail in line.details)

    def tax_on(self, part: TaxedPart, currency: str) -> Money:
        """Nothing on a part that was not asked about."""
        return total([line.tax for line in self.lines if line.part is part], currency)

    def rate_of(self, part: TaxedPart) -> Fraction:
        return next((line.rate for line in self.lines if line.part is part), Fraction(0))


class PartAmount(BaseModel):
    """What of one part is committed or reversed: the amount before tax, and its tax."""

    model_config = FROZEN

    part: TaxedPart
    amount: Money
    tax: Money
    line_id: str | None = Field(default=None, description="The line's id at the provider")


class TaxTransaction(BaseModel):
    """Taxes as they are owed to the state; a reversal of them is one too. `reference` is ours, used once ever."""

    model_config = FROZEN

    id: str
    reference: str
    lines: tuple[PartAmount, ...] = ()


class TaxCalculator(Protocol):
    """Whoever can say what the taxes are."""

    def calculate(self, request: TaxRequest) -> TaxAnswer:
        """The taxes on each line, rounded each for itself; at most one call.

        Raises TaxPlaceUnknown where the place does not say enough, PaymentsUnavailable where nobody answers.
        """
        ...


class TaxGateway(TaxCalculator, Protocol):
    """Besides: what is owed is reported, once a reference, and taken back with refunds."""

    def commit(self, calculation_id: str, reference: str) -> TaxTransaction:
        """Owe what was calculated; asked for again under the same reference it is the same transaction.

        Raises CalculationExpired, TaxReferenceTaken where it was committed long ago and cannot be found any more, and
        PaymentsUnavailable where the outcome is not known.
        """
        ...

    def reverse(
        self, transaction: TaxTransaction, reference: str, amounts: Sequence[PartAmount] | None
    ) -> TaxTransaction:
        """Take back `amounts` (positive; all of it where None) of a transaction; `reference` is the refund's.

        Raises TaxReferenceTaken where it was reversed under this reference before, and PaymentsUnavailable.
        """
        ...
