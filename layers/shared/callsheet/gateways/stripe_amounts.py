"""Amounts as Stripe counts them, which for some currencies is not how ISO 4217 does.

Sources: Stripe, "Supported currencies", its zero-decimal list, three-decimal rule and special cases.
"""

from fractions import Fraction

from callsheet.gateways.errors import AmountNotPayable
from callsheet.kernel.currencies import EXPONENTS
from callsheet.kernel.money import Money, round_half_up

# Krónur and Ugandan shillings go in hundredths that must be nothing; ariary go whole, though they have a fifth.
_STRIPE_EXPONENTS = {"ISK": 2, "UGX": 2, "MGA": 0}


def to_stripe(money: Money) -> int:
    """The `amount` of a request. AmountNotPayable where the currency's cards have no such small parts."""
    shift = _shift(money.currency)
    if shift >= 0:
        amount = int(money.amount_minor * 10**shift)
    elif money.amount_minor % 10**-shift == 0:
        amount = int(money.amount_minor // 10**-shift)
    else:
        raise AmountNotPayable(f"Cards take whole amounts of {money.currency} only")
    if EXPONENTS[money.currency] == 3 and amount % 10:
        raise AmountNotPayable(f"Cards take two decimals of {money.currency}, not three")
    return amount


def from_stripe(amount: int, currency: str) -> Money:
    """An `amount` and `currency` (in small letters) of an answer. Fees may have parts that no charge has: rounded."""
    code = currency.upper()
    shift = _shift(code)
    if shift <= 0:
        return Money.of(int(amount * 10**-shift), code)
    return Money.of(round_half_up(Fraction(amount, 10**shift)), code)


def _shift(currency: str) -> int:
    """By how many digits Stripe's amount is longer than ours."""
    ours: int = EXPONENTS[currency]
    return _STRIPE_EXPONENTS.get(currency, ours) - ours
