"""What is left of a booking in the end, in words that are the same for each."""

import re
from dataclasses import dataclass

from local.api import Document, items, text
from tests.e2e.market import Market, Person

# How often they are told of a receipt depends on what had come together by the time each version was made.
_RECEIPT = "receipt.issued"
_SUMS = ("total", "charged", "refunded", "paid")


@dataclass(frozen=True, slots=True)
class Ending:
    """`receipt` is what the newest one says of sums, and None where none was issued."""

    states: tuple[str, str]
    timeline: list[str]
    ledger: list[tuple[str, list[tuple[str, str]]]]
    client_was_told: list[str]
    provider_was_told: list[str]
    receipt: tuple[str, ...] | None


def ending(market: Market, booking_id: str, client: Person, provider: Person) -> Ending:
    return Ending(
        states=market.states(booking_id, client),
        timeline=market.timeline(booking_id, client),
        ledger=sorted(_without_names(entry, provider) for entry in market.entries(booking_id)),
        client_was_told=[name for name in market.told(client, booking_id) if name != _RECEIPT],
        provider_was_told=market.told(provider, booking_id),
        receipt=_sums(market.receipt(booking_id, client)),
    )


def _sums(receipt: Document | None) -> tuple[str, ...] | None:
    return tuple(text(receipt, name, "amount_minor") for name in _SUMS) if receipt else None


def _without_names(entry: Document, provider: Person) -> tuple[str, list[tuple[str, str]]]:
    """Cause, and account and amount of each posting."""
    postings = sorted(
        (text(line, "account").replace(provider.id, "theirs"), text(line, "amount", "amount_minor"))
        for line in items(entry, "postings")
    )
    return re.sub(":.*", "", text(entry, "cause")), postings
