"""Finance takes the journal away as a file: complete, adding up, and harmless to a spreadsheet."""

import csv
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import StringIO
from urllib.parse import urlparse

import pytest

from callsheet.kernel.ids import new_id
from callsheet.kernel.money import Money
from callsheet.kernel.principal import system
from callsheet.ledger.accounts import (
    FEES_DEFERRED,
    FEES_REVENUE,
    STRIPE_CASH,
    provider_payable,
    provider_reserve,
)
from callsheet.ledger.journal_csv import csv_lines, safe_cell
from callsheet.ledger.model import Entry, JournalEntry, Posting
from callsheet.ledger.post import post
from callsheet.ledger.store import entries_of_provider, journal_of
from callsheet.platform.aws import client
from callsheet.platform.settings import resource_name
from callsheet.platform.transaction import Transaction
from tests.support.gateway import Answer, Caller, Gateway

pytestmark = pytest.mark.usefixtures("tables")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
FINANCE = Caller(groups=("finance",))


def _post(at: datetime, debit: str, credit: str, amount: Money, cause: str = "capture") -> str:
    subject = new_id("bkg")
    entry = Entry(
        subject=subject, cause=cause,
        postings=(Posting(account=debit, amount=amount), Posting(account=credit, amount=-amount)),
    )  # fmt: skip
    txn = Transaction(system("test"), at)
    post(txn, entry, at)
    txn.commit()
    return subject


def _export(query: str, user: Caller = FINANCE) -> Answer:
    return Gateway().call("GET", f"/v1/admin/ledger/export?{query}", user=user)


def _file(answer: Answer) -> bytes:
    key = urlparse(str(answer.json()["url"])).path.split("/", 2)[2]
    return client("s3").get_object(Bucket=resource_name("BUCKET", "exports"), Key=key)["Body"].read()


def _rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(content.decode("utf-8-sig").splitlines()))


def test_a_day_is_exported_with_each_posting_and_the_sums_of_each_currency() -> None:
    provider = new_id("usr")
    first = _post(NOON, STRIPE_CASH, provider_payable(provider), Money.of(31500, "USD"))
    second = _post(
        NOON + timedelta(hours=1), FEES_DEFERRED, FEES_REVENUE, Money.of(5000, "JPY"), "completion"
    )
    _post(NOON + timedelta(days=1), STRIPE_CASH, provider_payable(provider), Money.of(1, "USD"))
    answer = _export("day=2026-03-02")
    assert answer.status == 200, answer.body
    content = _file(answer)
    rows = _rows(content)
    assert [(row["subject"], row["debit"], row["credit"]) for row in rows[:4]] == [
        (first, "315.00", ""), (first, "", "315.00"), (second, "5000", ""), (second, "", "5000"),
    ]  # fmt: skip
    assert [(row["posted_at"], row["currency"], row["debit"], row["credit"]) for row in rows[4:]] == [
        ("TOTAL", "JPY", "5000", "5000"), ("TOTAL", "USD", "315.00", "315.00"),
    ]  # fmt: skip
    assert answer.json()["sha256"] == sha256(content).hexdigest()
    assert answer.json()["size_bytes"] == len(content)


def test_a_month_has_all_of_its_days_and_none_of_the_next() -> None:
    days = [datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 31, 23, 59, 59, tzinfo=UTC)]
    inside = [_post(day, STRIPE_CASH, FEES_DEFERRED, Money.of(100, "USD")) for day in days]
    _post(datetime(2026, 4, 1, tzinfo=UTC), STRIPE_CASH, FEES_DEFERRED, Money.of(100, "USD"))
    answer = _export("month=2026-03")
    rows = _rows(_file(answer))
    assert list(dict.fromkeys(row["subject"] for row in rows if row["subject"])) == inside
    assert (answer.json()["first_day"], answer.json()["last_day"]) == ("2026-03-01", "2026-03-31")


def test_an_empty_day_is_an_empty_file_with_headings() -> None:
    assert _rows(_file(_export("day=2026-03-02"))) == []


@pytest.mark.parametrize("query", ["", "day=2026-03-02&month=2026-03", "day=yesterday", "month=2026-13"])
def test_neither_or_both_or_no_date_is_a_mistake_of_the_callers(query: str) -> None:
    assert _export(query).status == 400


@pytest.mark.parametrize("role", ["client", "provider", "support"])
def test_nobody_but_finance_takes_the_journal_away_and_nothing_is_written(role: str) -> None:
    assert _export("day=2026-03-02", Caller(groups=(role,))).status == 403
    assert "Contents" not in client("s3").list_objects_v2(Bucket=resource_name("BUCKET", "exports"))


@pytest.mark.parametrize("words", ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(words: str) -> None:
    assert safe_cell(words) == f"'{words}"
    entry = JournalEntry(
        id=new_id("jrn"), posted_at=NOON, subject=words, cause=words, reference=words,
        postings=(
            Posting(account=STRIPE_CASH, amount=Money.of(1, "USD")),
            Posting(account=FEES_DEFERRED, amount=Money.of(-1, "USD")),
        ),
    )  # fmt: skip
    written = StringIO(b"".join(csv_lines([entry])).decode(), newline="")
    row = list(csv.reader(written))[1]
    assert all(not cell.startswith(("=", "+", "@", "\t", "\r")) for cell in row)


def test_a_negative_number_stays_a_number() -> None:
    assert safe_cell("-31500") == "-31500"


def test_entries_of_a_provider_are_theirs_alone_and_within_the_span() -> None:
    provider, other = new_id("usr"), new_id("usr")
    before = _post(NOON, STRIPE_CASH, provider_payable(provider), Money.of(100, "USD"))
    inside = _post(
        NOON + timedelta(hours=1), provider_payable(provider), provider_reserve(provider), Money.of(10, "USD")
    )
    _post(NOON + timedelta(hours=1), STRIPE_CASH, provider_payable(other), Money.of(100, "USD"))
    _post(NOON + timedelta(hours=2), provider_payable(provider), STRIPE_CASH, Money.of(100, "USD"))
    until = NOON + timedelta(hours=2)
    assert [entry.subject for entry in entries_of_provider(provider, None, until)] == [before, inside]
    later = entries_of_provider(provider, NOON + timedelta(minutes=1), until)
    assert [entry.subject for entry in later] == [inside]


def test_a_days_journal_is_in_order_across_its_shards() -> None:
    posted = [
        _post(NOON + timedelta(minutes=n), STRIPE_CASH, FEES_DEFERRED, Money.of(1, "USD")) for n in range(30)
    ]
    assert [entry.subject for entry in journal_of(NOON.date())] == posted
