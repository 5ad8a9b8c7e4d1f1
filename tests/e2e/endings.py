"""What is left of a booking in the end, in words that are the same for each."""

import re
from dataclasses import dataclass

from local.api import Document, items, text
from tests.e2e.market import Market, Person


@dataclass(frozen=True, slots=True)
class Ending:
    states: tuple[str, str]
    timeline: list[str]
    ledger: list[tuple[str, list[tuple[str, str]]]]
    client_was_told: list[str]
    provider_was_told: list[str]


def ending(market: Market, booking_id: str, client: Person, provider: Person) -> Ending:
    return Ending(
        states=market.states(booking_id, client),
        timeline=market.timeline(booking_id, client),
        ledger=sorted(_without_names(entry, provider) for entry in market.entries(booking_id)),
        client_was_told=market.told(client, booking_id),
        provider_was_told=market.told(provider, booking_id),
    )


def _without_names(entry: Document, provider: Person) -> tuple[str, list[tuple[str, str]]]:
    """Cause, and account and amount of each posting."""
    postings = sorted(
        (text(line, "account").replace(provider.id, "theirs"), text(line, "amount", "amount_minor"))
        for line in items(entry, "postings")
    )
    return re.sub(":.*", "", text(entry, "cause")), postings
