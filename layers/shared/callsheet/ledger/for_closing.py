"""The ledger as the daily close reads it: what moved Stripe's cash, by day and by Stripe's object."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from callsheet.kernel.money import Money
from callsheet.ledger.accounts import STRIPE_CASH
from callsheet.ledger.get_trial_balance import get_trial_balance
from callsheet.ledger.model import JournalEntry
from callsheet.ledger.store import DAY_SHARDS, cash_entries_about, cash_entries_on, day_shard

__all__ = ["DAY_SHARDS", "CashEntry", "cash_minor", "day_shard", "entries_about", "entries_on"]


@dataclass(frozen=True, slots=True)
class CashEntry:
    """What one entry moved of Stripe's cash: positive what came in. One amount a currency, mostly one in all."""

    id: str
    reference: str
    subject: str
    amounts: tuple[Money, ...]


def entries_on(day: date, shard: int, after: str | None = None) -> Iterator[CashEntry]:
    """The entries of a day (UTC) in one of its shards, by reference, from behind `after` on; lazily."""
    return map(_cash_entry, cash_entries_on(day, shard, after))


def entries_about(reference: str) -> tuple[CashEntry, ...]:
    """Every entry of one object of Stripe's, of whatever day, the oldest first."""
    return tuple(map(_cash_entry, cash_entries_about(reference)))


def cash_minor() -> dict[str, int]:
    """What the ledger says is at Stripe now, in minor units, by currency."""
    balance = get_trial_balance()
    return {line.currency: line.balance_minor for line in balance.accounts if line.account == STRIPE_CASH}


def _cash_entry(entry: JournalEntry) -> CashEntry:
    amounts = tuple(posting.amount for posting in entry.postings if posting.account == STRIPE_CASH)
    return CashEntry(entry.id, entry.reference or entry.id, entry.subject, amounts)
