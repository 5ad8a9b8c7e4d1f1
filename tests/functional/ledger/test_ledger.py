"""Balances are what the entries say, in whatever order they came; a cause moves money once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callsheet.kernel.ids import new_id
from callsheet.kernel.money import Money
from callsheet.ledger.accounts import FEES_DEFERRED, PROCESSING, STRIPE_CASH, provider_payable
from callsheet.ledger.errors import EntryExists
from callsheet.ledger.get_trial_balance import get_trial_balance
from callsheet.ledger.list_entries import list_entries
from callsheet.ledger.model import Entry, Posting
from callsheet.ledger.post import post, post_all
from callsheet.ledger.rules import Account
from callsheet.ledger.store import BalanceItem, balance_key, entries_of
from callsheet.ledger.views import Entries, TrialBalance
from callsheet.platform.transaction import Transaction
from tests.functional.platform.test_transaction import CALLER, NOW
from tests.support.calls import calls
from tests.support.gateway import Caller, Gateway

PAYABLE = provider_payable("usr_1")
_numbers = count(1)


def an_entry(
    minor: int = 100, subject: str = "bkg_1", cause: str = "capture", currency: str = "USD"
) -> Entry:
    """Money comes in: most of it is the provider's."""
    ours = minor // 10
    lines = ((STRIPE_CASH, minor), (PAYABLE, ours - minor), (FEES_DEFERRED, -ours))
    postings = tuple(Posting(account=name, amount=Money.of(part, currency)) for name, part in lines)
    return Entry(subject=subject, cause=cause, postings=postings)


def posted(*entries: Entry) -> None:
    txn = Transaction(CALLER, NOW)
    post_all(txn, entries, NOW)
    txn.commit()


def balances(found: TrialBalance) -> dict[tuple[str, str], int]:
    return {
        (line.account, line.currency): line.balance_minor for line in found.accounts if line.balance_minor
    }


def sums_of(entries: list[Entry]) -> dict[tuple[str, str], int]:
    sums: Counter[tuple[str, str]] = Counter()
    for entry in entries:
        for posting in entry.postings:
            sums[posting.account, posting.amount.currency] += posting.amount.amount_minor
    return {account: minor for account, minor in sums.items() if minor}


def test_an_empty_ledger_is_balanced(tables: None) -> None:
    assert get_trial_balance() == TrialBalance(accounts=(), totals=(), is_balanced=True)


def test_an_entry_moves_its_accounts(tables: None) -> None:
    posted(an_entry(100))
    found = get_trial_balance()
    assert balances(found) == {(STRIPE_CASH, "USD"): 100, (PAYABLE, "USD"): -90, (FEES_DEFERRED, "USD"): -10}
    assert found.is_balanced
    assert [(total.debit_minor, total.credit_minor) for total in found.totals] == [(100, 100)]


def test_the_same_cause_twice_is_refused_and_nothing_has_changed(tables: None) -> None:
    posted(an_entry(100))
    before, entries = get_trial_balance(), entries_of("bkg_1")
    with pytest.raises(EntryExists):
        posted(an_entry(250))
    assert (get_trial_balance(), entries_of("bkg_1")) == (before, entries)


def test_an_entry_stands_or_falls_with_what_caused_it(tables: None) -> None:
    posted(an_entry(100))
    txn = Transaction(CALLER, NOW)
    post(txn, an_entry(50, subject="bkg_2"), NOW)
    post(txn, an_entry(70), NOW)
    with pytest.raises(EntryExists):
        txn.commit()
    assert entries_of("bkg_2") == []
    assert balances(get_trial_balance())[STRIPE_CASH, "USD"] == 100


def test_a_capture_and_its_fee_are_posted_together(tables: None) -> None:
    fee = tuple(
        Posting(account=name, amount=Money.of(minor, "USD"))
        for name, minor in ((PROCESSING, 3), (STRIPE_CASH, -3))
    )
    posted(an_entry(100), Entry(subject="bkg_1", cause="processing", postings=fee))
    assert balances(get_trial_balance())[STRIPE_CASH, "USD"] == 97
    assert [entry.cause for entry in list_entries("bkg_1").items] == ["capture", "processing"]


def test_entries_of_a_subject_come_oldest_first_in_one_query(tables: None) -> None:
    for cause, hours in (("refund:rfd_2", 3), ("capture", 1), ("completion", 2)):
        at = NOW + timedelta(hours=hours)
        txn = Transaction(CALLER, at)
        post(txn, an_entry(cause=cause), at)
        txn.commit()
    with calls() as made:
        entries = list_entries("bkg_1").items
    assert [entry.cause for entry in entries] == ["capture", "completion", "refund:rfd_2"]
    assert {entry.posted_at for entry in entries} == {NOW + timedelta(hours=hours) for hours in (1, 2, 3)}
    assert all(entry.id.startswith("jrn_") for entry in entries)
    assert made == ["Query"]


def test_a_trial_balance_is_eight_queries(tables: None) -> None:
    for number in range(20):
        posted(an_entry(subject=f"bkg_{number}"))
    with calls() as made:
        found = get_trial_balance()
    assert made == ["Query"] * 8
    assert balances(found)[STRIPE_CASH, "USD"] == 2_000


def test_a_ledger_that_is_wrong_says_so(tables: None) -> None:
    posted(an_entry(100))
    key = balance_key("bkg_1", Account(STRIPE_CASH, "USD"))
    txn = Transaction(CALLER, NOW)
    txn.update(key, [BalanceItem.balance.add(1)])
    txn.commit()
    found = get_trial_balance()
    assert not found.is_balanced
    assert [(total.debit_minor, total.credit_minor) for total in found.totals] == [(101, 100)]


def test_posts_at_the_same_time_lose_nothing(tables: None) -> None:
    entries = [an_entry(10 + number, subject=f"bkg_{number % 4}", cause=f"c{number}") for number in range(24)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(posted, entries))
    assert balances(get_trial_balance()) == sums_of(entries)


def test_of_two_posts_of_one_cause_at_the_same_time_one_stands(tables: None) -> None:
    def tried(minor: int) -> bool:
        try:
            posted(an_entry(minor))
        except EntryExists:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(tried, range(100, 108)))
    assert outcomes.count(True) == 1
    (entry,) = entries_of("bkg_1")
    assert balances(get_trial_balance()) == sums_of([entry])


_moves = st.lists(
    st.builds(
        an_entry,
        minor=st.integers(10, 10**6),
        subject=st.sampled_from(("bkg_1", "bkg_2", "bkg_3")),
        cause=st.sampled_from(("capture", "completion", "refund:rfd_1")),
        currency=st.sampled_from(("USD", "JPY")),
    ),
    max_size=8,
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_moves, st.randoms())
def test_balances_are_the_sum_of_the_entries_whatever_the_order(
    tables: None, moves: list[Entry], chance: Random
) -> None:
    """Examples share the tables: each has subjects of its own, and looks at what it has changed."""
    example = next(_numbers)
    before, stood = balances(get_trial_balance()), []
    chance.shuffle(moves)
    for move in moves:
        entry = move.model_copy(update={"subject": f"{move.subject}-{example}"})
        try:
            posted(entry)
        except EntryExists:
            continue
        stood.append(entry)
    after = get_trial_balance()
    expected = Counter(before)
    for account, minor in sums_of(stood).items():
        expected[account] += minor
    assert balances(after) == {account: minor for account, minor in expected.items() if minor}
    assert after.is_balanced
    assert len(stood) == len({(move.subject, move.cause) for move in moves})


FINANCE = Caller(groups=("finance",))


def test_finance_reads_the_trial_balance_over_http(tables: None) -> None:
    posted(an_entry(100))
    answer = Gateway().call("GET", "/v1/admin/ledger/trial-balance", user=FINANCE)
    assert answer.status == 200
    found = TrialBalance.model_validate(answer.json())
    assert found == get_trial_balance()
    assert found.accounts[-1].model_dump(mode="json") == {
        "account": "stripe:cash", "currency": "USD", "kind": "asset", "balance_minor": 100,
    }  # fmt: skip


def test_finance_reads_the_entries_of_a_booking(tables: None) -> None:
    subject = new_id("bkg")
    posted(an_entry(100, subject=subject))
    answer = Gateway().call("GET", f"/v1/admin/ledger/entries?subject={subject}", user=FINANCE)
    assert answer.status == 200
    assert Entries.model_validate(answer.json()) == list_entries(subject)
    assert len(entries_of(subject)) == 1


@pytest.mark.parametrize("path", ["trial-balance", f"entries?subject={new_id('bkg')}"])
def test_the_ledger_is_nobody_elses_business(tables: None, path: str) -> None:
    gateway = Gateway()
    assert gateway.call("GET", f"/v1/admin/ledger/{path}", user=Caller(groups=("provider",))).status == 403
    assert gateway.call("GET", f"/v1/admin/ledger/{path}", user=Caller(groups=("admin",))).status == 200


@pytest.mark.parametrize("query", ["", "?subject=", "?subject=x%23y", "?subject=bkg_1", "?colour=red"])
def test_a_subject_that_is_no_id_is_refused(tables: None, query: str) -> None:
    assert Gateway().call("GET", f"/v1/admin/ledger/entries{query}", user=FINANCE).status == 400
