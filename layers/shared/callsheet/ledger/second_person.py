"""From which amount on money is moved by two persons: one proposes, another decides (numbers.md, "Money")."""

from collections.abc import Mapping

from callsheet.kernel.money import Currency, Money

_LIMIT_UNITS = 500
# 500 units of these are small change; elsewhere half of where the provider's second fee tier begins is just the same.
_OTHERS_MINOR: Mapping[Currency, int] = {"JPY": 75_000}


def limit_of(currency: Currency) -> Money:
    """What one person moves alone: 500.00."""
    if currency in _OTHERS_MINOR:
        return Money.of(_OTHERS_MINOR[currency], currency)
    return Money.whole(_LIMIT_UNITS, currency)


def needs_second_person(amount: Money) -> bool:
    """Above 500.00, whichever way the money goes; 500.00 itself is not."""
    return abs(amount.amount_minor) > limit_of(amount.currency).amount_minor
