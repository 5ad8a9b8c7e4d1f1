"""Entries below their subject, and balances in eight shards, so that bookings do not queue for one cash account."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from heapq import merge
from zlib import crc32

from pynamodb.attributes import UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex

from callsheet.kernel.access import AccessPath
from callsheet.kernel.ids import new_id
from callsheet.ledger.accounts import STRIPE_CASH
from callsheet.ledger.model import Entry, JournalEntry
from callsheet.ledger.rules import Account, provider_of
from callsheet.platform.table import Document, StrictInteger, Table, utc_key

SHARDS = 8
DAY_SHARDS = 8
_ENTRY = "ENTRY#"
_PAGE = 200


class ByDay(GlobalSecondaryIndex["EntryItem"]):  # type: ignore[no-untyped-call]  # PynamoDB leaves it so
    class Meta:
        index_name = "by_day"
        projection = AllProjection()

    day_key = UnicodeAttribute(hash_key=True)
    reference_key = UnicodeAttribute(range_key=True)


class ByReference(GlobalSecondaryIndex["EntryItem"]):  # type: ignore[no-untyped-call]  # PynamoDB leaves it so
    class Meta:
        index_name = "by_reference"
        projection = AllProjection()

    cash_reference = UnicodeAttribute(hash_key=True)
    moment_key = UnicodeAttribute(range_key=True)


class Journal(GlobalSecondaryIndex["EntryItem"]):  # type: ignore[no-untyped-call]  # PynamoDB leaves it so
    class Meta:
        index_name = "journal"
        projection = AllProjection()

    journal_key = UnicodeAttribute(hash_key=True)
    moment_key = UnicodeAttribute(range_key=True)


class ByProvider(GlobalSecondaryIndex["EntryItem"]):  # type: ignore[no-untyped-call]  # PynamoDB leaves it so
    class Meta:
        index_name = "by_provider"
        projection = AllProjection()

    provider_key = UnicodeAttribute(hash_key=True)
    moment_key = UnicodeAttribute(range_key=True)


class EntryItem(Table):
    """Three keys are there where an entry touches Stripe's cash: those are held against Stripe day by day.

    `provider_key` is there where it moves accounts of a provider.
    """

    logical_name = "ledger"
    document = Document(JournalEntry)
    day_key = UnicodeAttribute(null=True)
    reference_key = UnicodeAttribute(null=True)
    cash_reference = UnicodeAttribute(null=True)
    moment_key = UnicodeAttribute(null=True)
    journal_key = UnicodeAttribute(null=True)
    provider_key = UnicodeAttribute(null=True)
    by_day = ByDay()
    by_reference = ByReference()
    journal = Journal()
    by_provider = ByProvider()


class BalanceItem(Table):
    """What one shard's entries have moved on one account, in minor units of one currency."""

    logical_name = "ledger"
    balance = StrictInteger()


def entry_item(entry: Entry, now: datetime) -> EntryItem:
    """The item of an entry that is posted now; its key is the cause, so that it is written once."""
    written = JournalEntry(**dict(entry), id=new_id("jrn"), posted_at=now)
    item = EntryItem(entry.subject, f"{_ENTRY}{entry.cause}", document=written)
    today = now.astimezone(UTC).date()
    item.moment_key = f"{utc_key(now)}#{written.id}"
    item.journal_key = _day_key(today, day_shard(entry.subject))
    item.provider_key = provider_of(written)
    if any(posting.account == STRIPE_CASH for posting in written.postings):
        # Without an object of Stripe's the entry stands for itself, and its close will find nothing that it mirrors.
        reference = written.reference or written.id
        item.day_key = _day_key(today, day_shard(reference))
        item.reference_key = f"{reference}#{written.id}"
        item.cash_reference = reference
    return item


def day_shard(name: str) -> int:
    """The part of a day in which everything about an object of Stripe's, or a subject, is found."""
    return crc32(name.encode()) % DAY_SHARDS


def balance_key(subject: str, account: Account) -> tuple[type[BalanceItem], str, str]:
    """Where entries of this subject keep the account's balance: all in one shard, so that each shard balances."""
    shard = crc32(subject.encode()) % SHARDS
    return (BalanceItem, _shard_key(shard), f"{account.name}#{account.currency}")


def entries_of(subject: str) -> list[JournalEntry]:
    """All entries of a subject, the oldest first."""
    items = EntryItem.query(subject, EntryItem.sk.startswith(_ENTRY), consistent_read=True)
    return sorted((item.document for item in items), key=lambda entry: (entry.posted_at, entry.id))


def cash_entries_on(day: date, shard: int, after: str | None) -> Iterator[JournalEntry]:
    """What touched Stripe's cash on a day (UTC), by reference, from behind `after` on; a page of it in memory."""
    # "~" sorts behind every id, so that all entries of the reference itself are left out.
    later = None if after is None else EntryItem.reference_key > f"{after}#~"
    for item in EntryItem.by_day.query(_day_key(day, shard), later, page_size=_PAGE):
        yield item.document


def cash_entries_about(reference: str) -> list[JournalEntry]:
    """All that one object of Stripe's has ever moved, the oldest first."""
    return [item.document for item in EntryItem.by_reference.query(reference)]


def journal_of(day: date) -> Iterator[JournalEntry]:
    """All that was posted on a day (UTC), the oldest first; a page of each of eight shards in memory."""
    shards = (EntryItem.journal.query(_day_key(day, shard), page_size=_PAGE) for shard in range(DAY_SHARDS))
    for item in merge(*shards, key=lambda item: item.moment_key or ""):
        yield item.document


def entries_of_provider(
    user_id: str, from_moment: datetime | None, before: datetime
) -> Iterator[JournalEntry]:
    """What has moved a provider's accounts, the oldest first, from one moment to just before another."""
    first = "0" if from_moment is None else utc_key(from_moment)
    # A moment's own keys end in "#jrn_…": the bare moment stands before them.
    span = EntryItem.moment_key.between(first, utc_key(before))
    for item in EntryItem.by_provider.query(user_id, span, page_size=_PAGE):
        yield item.document


def shard_balances(shard: int) -> dict[Account, int]:
    """The balances that one shard keeps, in minor units."""
    items = BalanceItem.query(_shard_key(shard), consistent_read=True)
    return {_account(item.sk): item.balance for item in items}


def _day_key(day: date, shard: int) -> str:
    return f"{day.isoformat()}#{shard}"


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
        name="what touched Stripe's cash on a day, by Stripe's object",
        table="ledger",
        index="by_day",
        keys="day_key = <day>#<shard>, reference_key behind <reference>, for each of eight shards",
        use_cases=("closing.run_portion",),
    ),
    AccessPath(
        name="all that one object of Stripe's has moved",
        table="ledger",
        index="by_reference",
        keys="cash_reference = <Stripe's object>, moment_key in order",
        use_cases=("closing.run_portion", "closing.propose_adjustment", "closing.decide_adjustment"),
    ),
    AccessPath(
        name="all that was posted on a day, the oldest first",
        table="ledger",
        index="journal",
        keys="journal_key = <day>#<shard>, moment_key in order, for each of eight shards",
        use_cases=("ledger.export_journal", "documents.start_statements"),
    ),
    AccessPath(
        name="what has moved a provider's accounts within a span of time",
        table="ledger",
        index="by_provider",
        keys="provider_key = <user id>, moment_key between <moment> and <moment>",
        use_cases=("documents.issue_statement",),
    ),
    AccessPath(
        name="all balances",
        table="ledger",
        keys="pk = BALANCE#<shard>, for each of eight shards",
        use_cases=("ledger.get_trial_balance", "closing.run_portion"),
    ),
    AccessPath(
        name="whether payouts may leave",
        table="ledger",
        keys="pk = GATE, sk = PAYOUTS",
        use_cases=("transfers.release_transfer",),
    ),
)
