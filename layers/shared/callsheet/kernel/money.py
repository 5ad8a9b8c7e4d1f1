"""Money: an integer of minor units and an ISO 4217 code; never a float."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, Field

from callsheet.kernel.currencies import EXPONENTS
from callsheet.kernel.models import FROZEN

# DynamoDB keeps 38 digits and Stripe eight; twelve leaves room for sums and stays exact everywhere.
MAX_MINOR = 10**12


def _known(code: str) -> str:
    if code not in EXPONENTS:
        raise ValueError("is not an ISO 4217 currency code")
    return code


type Currency = Annotated[str, AfterValidator(_known), Field(pattern="^[A-Z]{3}$", examples=["USD"])]


class CurrencyMismatch(ValueError):
    """Two currencies met in one sum: a bug of ours, never a caller's mistake."""


class Money(BaseModel):
    """An amount in minor units (cents, yen) of one currency. May be negative."""

    model_config = FROZEN

    amount_minor: int = Field(strict=True, ge=-MAX_MINOR, le=MAX_MINOR, description="Minor units, e.g. cents")
    currency: Currency = Field(description="ISO 4217 code")

    @classmethod
    def of(cls, amount_minor: int, currency: str) -> Self:
        return cls(amount_minor=amount_minor, currency=currency)

    @classmethod
    def whole(cls, units: int, currency: str) -> Self:
        """`units` whole units: `whole(5, "USD")` is 500 cents, `whole(5, "JPY")` five yen."""
        return cls(amount_minor=units * 10 ** EXPONENTS[currency], currency=currency)

    @property
    def exponent(self) -> int:
        """Decimals of the currency: 2 for USD, 0 for JPY, 3 for KWD."""
        return EXPONENTS[self.currency]

    @property
    def whole_units(self) -> int:
        """The whole currency units, the fraction cut towards zero."""
        sign = -1 if self.amount_minor < 0 else 1
        unit: int = 10**self.exponent
        return sign * (abs(self.amount_minor) // unit)

    @property
    def is_zero(self) -> bool:
        return self.amount_minor == 0

    def _same(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency}")

    def _with(self, amount_minor: int) -> "Money":
        return Money(amount_minor=amount_minor, currency=self.currency)

    def __add__(self, other: "Money") -> "Money":
        self._same(other)
        return self._with(self.amount_minor + other.amount_minor)

    def __sub__(self, other: "Money") -> "Money":
        self._same(other)
        return self._with(self.amount_minor - other.amount_minor)

    def __neg__(self) -> "Money":
        return self._with(-self.amount_minor)

    def __lt__(self, other: "Money") -> bool:
        self._same(other)
        return self.amount_minor < other.amount_minor

    def __le__(self, other: "Money") -> bool:
        self._same(other)
        return self.amount_minor <= other.amount_minor

    def times(self, factor: int | Fraction) -> "Money":
        """The product, rounded half up (away from zero) to a minor unit."""
        return self._with(round_half_up(self.amount_minor * Fraction(factor)))

    def basis_points(self, points: int) -> "Money":
        """`points` hundredths of a percent of it, rounded half up."""
        return self.times(Fraction(points, 10_000))

    def allocate(self, weights: Sequence[int]) -> tuple["Money", ...]:
        """Split in proportion to `weights` without losing a unit.

        Each part is rounded down; the residue goes to the largest part (the first of equals). At least one weight
        must be positive and none negative.
        """
        whole = sum(weights)
        if whole <= 0 or min(weights) < 0:
            raise ValueError("weights must not be negative, and one must be positive")
        sign = -1 if self.amount_minor < 0 else 1
        parts = [abs(self.amount_minor) * weight // whole for weight in weights]
        parts[max(range(len(weights)), key=weights.__getitem__)] += abs(self.amount_minor) - sum(parts)
        return tuple(self._with(sign * part) for part in parts)

    def __str__(self) -> str:
        sign = "-" if self.amount_minor < 0 else ""
        digits = str(abs(self.amount_minor)).rjust(self.exponent + 1, "0")
        if self.exponent == 0:
            return f"{sign}{digits} {self.currency}"
        return f"{sign}{digits[: -self.exponent]}.{digits[-self.exponent :]} {self.currency}"


def round_half_up(value: Fraction) -> int:
    """Half up, away from zero: 0.5 → 1, -0.5 → -1."""
    sign = -1 if value < 0 else 1
    return sign * int((abs(value) * 2 + 1) // 2)


def zero(currency: str) -> Money:
    return Money(amount_minor=0, currency=currency)


def total(parts: Sequence[Money], currency: str) -> Money:
    """The sum of `parts`, all of which must be in `currency`."""
    result = zero(currency)
    for part in parts:
        result = result + part
    return result
