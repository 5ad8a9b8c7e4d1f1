"""Money moves: entries and the balances they change, in the transaction of whatever caused them."""

from collections.abc import Sequence
from datetime import datetime

from callsheet.ledger.errors import EntryExists
from callsheet.ledger.model import Entry
from callsheet.ledger.rules import changes_of
from callsheet.ledger.store import BalanceItem, balance_key, entry_item
from callsheet.platform.transaction import Transaction


def post(txn: Transaction, entry: Entry, now: datetime) -> None:
    """Add an entry to a transaction; EntryExists where its subject has one of the same cause.

    A transaction changes an item once: what it posts besides goes through one `post_all`.
    """
    post_all(txn, (entry,), now)


def post_all(txn: Transaction, entries: Sequence[Entry], now: datetime) -> None:
    """Add several entries of one subject, which may move the same accounts."""
    (subject,) = {entry.subject for entry in entries}
    for entry in entries:
        txn.create(entry_item(entry, now), EntryExists())
    for account, change in changes_of(entries).items():
        txn.update(balance_key(subject, account), [BalanceItem.balance.add(change)])
