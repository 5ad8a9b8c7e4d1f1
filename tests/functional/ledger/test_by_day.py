"""What touched Stripe's cash is found by the day it was posted on and by Stripe's object, and nothing else is."""

from datetime import UTC, date, datetime, timedelta

import pytest

from callsheet.kernel.money import Money
from callsheet.ledger.accounts import FEES_DEFERRED, FEES_REVENUE, PROCESSING, STRIPE_CASH
from callsheet.ledger.for_closing import DAY_SHARDS, cash_minor, day_shard, entries_about, entries_on
from callsheet.ledger.model import Entry, Posting
from callsheet.ledger.post import post
from callsheet.platform.transaction import Transaction
from tests.functional.platform.test_transaction import CALLER

pytestmark = pytest.mark.usefixtures("tables")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = date(2026, 3, 2)


def an_entry(cause: str, reference: str | None, *lines: tuple[str, int]) -> Entry:
    postings = tuple(Posting(account=name, amount=Money.of(minor, "USD")) for name, minor in lines)
    return Entry(subject="bkg_1", cause=cause, reference=reference, postings=postings)


def posted(entry: Entry, at: datetime = NOON) -> None:
    txn = Transaction(CALLER, at)
    post(txn, entry, at)
    txn.commit()


def capture(reference: str | None, at: datetime = NOON, minor: int = 100) -> None:
    posted(an_entry(f"capture:{reference}", reference, (STRIPE_CASH, minor), (FEES_DEFERRED, -minor)), at)


def of_day(day: date) -> list[tuple[str, int]]:
    found = [entry for shard in range(DAY_SHARDS) for entry in entries_on(day, shard)]
    return sorted((entry.reference, entry.amounts[0].amount_minor) for entry in found)


def test_an_entry_belongs_to_the_day_it_was_posted_on_in_utc() -> None:
    capture("ch_early", datetime(2026, 3, 2, tzinfo=UTC))
    capture("ch_late", datetime(2026, 3, 2, 23, 59, 59, 999_999, tzinfo=UTC))
    capture("ch_next", datetime(2026, 3, 3, tzinfo=UTC))
    assert of_day(DAY) == [("ch_early", 100), ("ch_late", 100)]
    assert of_day(DAY + timedelta(days=1)) == [("ch_next", 100)]


def test_an_entry_that_leaves_stripes_cash_alone_is_in_no_day() -> None:
    posted(an_entry("completion", None, (FEES_DEFERRED, 10), (FEES_REVENUE, -10)))
    assert of_day(DAY) == []


def test_an_entry_that_names_no_object_of_stripes_stands_for_itself() -> None:
    capture(None)
    ((reference, _),) = of_day(DAY)
    assert reference.startswith("jrn_")


def test_a_shard_is_read_in_the_order_of_references_and_on_from_any_of_them() -> None:
    names = [f"ch_{number}" for number in range(40)]
    for name in names:
        capture(name)
    shard = day_shard("ch_1")
    found = [entry.reference for entry in entries_on(DAY, shard)]
    assert found == sorted(name for name in names if day_shard(name) == shard)
    assert [entry.reference for entry in entries_on(DAY, shard, found[1])] == found[2:]


def test_an_object_has_all_its_entries_of_whatever_day() -> None:
    capture("ch_1")
    fee = an_entry("processing", "ch_1", (PROCESSING, 3), (STRIPE_CASH, -3))
    posted(fee, NOON + timedelta(days=3))
    capture("ch_10")
    assert [entry.amounts[0].amount_minor for entry in entries_about("ch_1")] == [100, -3]
    assert cash_minor() == {"USD": 197}
