"""How much support gives to one client as credit before it has to be a refund, which a second person approves: pure."""

from collections.abc import Mapping
from datetime import date, timedelta

from callsheet.kernel.money import Money
from callsheet.ledger.second_person import limit_of

# Credit is given in what services are sold in, and of each as much as one person moves alone.
CURRENCIES = frozenset({"USD", "EUR", "GBP", "CHF", "CAD", "AUD", "JPY"})
WINDOW_DAYS = 30

type Given = Mapping[str, int]  # minor units by day (`2026-11-24`, UTC)


def recent(given: Given, today: date) -> dict[str, int]:
    """What of it counts today: the last thirty days, today being one of them."""
    first = (today - timedelta(days=WINDOW_DAYS - 1)).isoformat()
    return {day: minor for day, minor in given.items() if day >= first}


def left_to_give(given: Given, today: date, currency: str) -> Money:
    """How much more may be given today."""
    return limit_of(currency) - Money.of(sum(recent(given, today).values()), currency)


def with_another(given: Given, today: date, amount: Money) -> dict[str, int]:
    """What was given, this credit included; older days are forgotten, so that it stays small."""
    kept, day = recent(given, today), today.isoformat()
    return kept | {day: kept.get(day, 0) + amount.amount_minor}
