"""What a booking's entries leave to its provider, and from which legs money is taken back: pure."""

from collections.abc import Iterable, Sequence

from callsheet.kernel.money import Money
from callsheet.ledger.accounts import provider_payable
from callsheet.ledger.model import Entry
from callsheet.transfers.model import Transfer


def payable_of(entries: Iterable[Entry], provider_id: str, currency: str) -> Money:
    """What a booking's entries leave to its provider: credits are what is owed to them."""
    account = provider_payable(provider_id)
    owed = -sum(
        posting.amount.amount_minor
        for entry in entries
        for posting in entry.postings
        if posting.account == account and posting.amount.currency == currency
    )
    return Money.of(owed, currency)


def reversals_for(transfer: Transfer, amount: Money) -> Sequence[tuple[int, Money]]:
    """From which legs `amount` is taken back, the latest first: (leg number, part). At most what was transferred."""
    parts: list[tuple[int, Money]] = []
    left = amount
    for leg in reversed(transfer.legs):
        part = min(left, leg.left)
        if part.amount_minor > 0:
            parts.append((leg.number, part))
            left -= part
    return parts
