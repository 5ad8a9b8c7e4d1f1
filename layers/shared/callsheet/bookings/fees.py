"""Both fees as figures with a version (numbers.md, "Money")."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from callsheet.bookings.errors import CurrencyUnsupported
from callsheet.bookings.price import FeeTerms
from callsheet.kernel.money import Money

VERSION = "2026-01"

_FIRST_TIER, _SECOND_TIER, _FLOOR = 1200, 1000, 900  # basis points of the subtotal
_INSTANT_DISCOUNT, _CHECKED_DISCOUNT = 100, 50
_CLIENT_CARD, _CLIENT_BANK_DEBIT = 500, 300


@dataclass(frozen=True, slots=True)
class FeeSchedule:
    """The figures of one currency, in its minor units.

    `card_minimum_minor` is the least that Stripe charges a card (Stripe, "Currencies", minimum charge amounts).
    """

    tier_limit_minor: int
    client_minimum_minor: int
    card_minimum_minor: int = 50


SCHEDULES: Mapping[str, FeeSchedule] = {
    **{code: FeeSchedule(1_000_00, 3_00) for code in ("USD", "EUR", "CHF", "CAD", "AUD")},
    "GBP": FeeSchedule(1_000_00, 3_00, card_minimum_minor=30),
    "JPY": FeeSchedule(150_000, 450),
}


def schedule_of(currency: str) -> FeeSchedule:
    """Raises CurrencyUnsupported where we have no figures."""
    try:
        return SCHEDULES[currency]
    except KeyError as error:
        raise CurrencyUnsupported(
            f"We take {', '.join(sorted(SCHEDULES))}", extra={"currency": currency}
        ) from error


def provider_fee(subtotal: Money, terms: FeeTerms) -> Money:
    """12 % up to the tier's limit and 10 % above it, discounts in both tiers, 9 % of the whole at least.

    Rounded half up once, on the sum of the tiers.
    """
    if terms.on_top_of is not None:
        before, alone = terms.on_top_of, replace(terms, on_top_of=None)
        return provider_fee(before + subtotal, alone) - provider_fee(before, alone)
    limit = schedule_of(subtotal.currency).tier_limit_minor
    discount = _INSTANT_DISCOUNT * terms.instant + _CHECKED_DISCOUNT * terms.background_checked
    below = min(subtotal.amount_minor, limit)
    above = subtotal.amount_minor - below
    tiers = Fraction(below * (_FIRST_TIER - discount) + above * (_SECOND_TIER - discount), 10_000)
    floor = Fraction(subtotal.amount_minor * _FLOOR, 10_000)
    share = max(tiers, floor)
    return Money.of(1, subtotal.currency).times(share)


def client_fee(subtotal: Money, terms: FeeTerms) -> Money:
    """5 % of the subtotal (3 % by bank debit), at least the currency's minimum."""
    if terms.on_top_of is not None:
        before, alone = terms.on_top_of, replace(terms, on_top_of=None)
        return client_fee(before + subtotal, alone) - client_fee(before, alone)
    minimum = Money.of(schedule_of(subtotal.currency).client_minimum_minor, subtotal.currency)
    share = subtotal.basis_points(_CLIENT_BANK_DEBIT if terms.bank_debit else _CLIENT_CARD)
    return max(share, minimum, key=lambda fee: fee.amount_minor)
