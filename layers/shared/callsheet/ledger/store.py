"""Entries below their subject, and balances in eight shards, so that bookings do not queue for one cash account."""

from datetime import datetime
from zlib import crc32

from callsheet.kernel.access import AccessPath
from callsheet.kernel.ids import new_id
from callsheet.ledger.model import Entry, JournalEntry
from callsheet.ledger.rules import Account
from callsheet.platform.table import Document, StrictInteger, Table

SHARDS = 8
_ENTRY = "ENTRY#"


class EntryItem(Table):
    logical_name = "ledger"
    document = Document(JournalEntry)


class BalanceItem(Table):
    """What one shard's entries have moved on one account, in minor units of one currency."""

    logical_name = "ledger"
    balance = StrictInteger()


def entry_item(entry: Entry, now: datetime) -> EntryItem:
    """The item of an entry that is posted now; its key is the cause, so that it is written once."""
    written = JournalEntry(**dict(entry), id=new_id("jrn"), posted_at=now)
    return EntryItem(entry.subject, f"{_ENTRY}{entry.cause}", document=written)


def balance_key(subject: str, account: Account) -> tuple[type[BalanceItem], str, str]:
    """Where entries of this subject keep the account's balance: all in one shard, so that each shard balances."""
    shard = crc32(subject.encode()) % SHARDS
    return (BalanceItem, _shard_key(shard), f"{account.name}#{account.currency}")


def entries_of(subject: str) -> list[JournalEntry]:
    """All entries of a subject, the oldest first."""
    items = EntryItem.query(subject, EntryItem.sk.startswith(_ENTRY), consistent_read=True)
    return sorted((item.document for item in items), key=lambda entry: (entry.posted_at, entry.id))


def shard_balances(shard: int) -> dict[Account, int]:
    """The balances that one shard keeps, in minor units."""
    items = BalanceItem.query(_shard_key(shard), consistent_read=True)
    return {_account(item.sk): item.balance for item in items}


def _shard_key(shard: int) -> str:
    return f"BALANCE#{shard}"


def _account(sort_key: str) -> Account:
    name, _, currency = sort_key.rpartition("#")
    return Account(name, currency)


ACCESS_PATHS = (
    AccessPath(
        name="the entries of a subject",
        table="ledger",
        keys="pk = <subject>, sk begins with ENTRY#",
        use_cases=("ledger.list_entries",),
    ),
    AccessPath(
        name="all balances",
        table="ledger",
        keys="pk = BALANCE#<shard>, for each of eight shards",
        use_cases=("ledger.get_trial_balance",),
    ),
    AccessPath(
        name="whether payouts may leave",
        table="ledger",
        keys="pk = GATE, sk = PAYOUTS",
        use_cases=("transfers.release_transfer",),
    ),
)
