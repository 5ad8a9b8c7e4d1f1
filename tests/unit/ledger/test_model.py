"""An entry that does not balance can not be made."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from callsheet.kernel.money import Money
from callsheet.ledger.accounts import (
    CHARGEBACKS,
    FEES_DEFERRED,
    FEES_REVENUE,
    PROCESSING,
    STRIPE_CASH,
    kind_of,
    provider_payable,
)
from callsheet.ledger.balancing import agrees, trial_balance
from callsheet.ledger.model import AccountKind, Entry, Posting
from callsheet.ledger.rules import Account, changes_of


def a_posting(account: str, minor: int, currency: str = "USD") -> Posting:
    return Posting(account=account, amount=Money.of(minor, currency))


def an_entry(*postings: Posting) -> Entry:
    return Entry(subject="bkg_1", cause="capture", postings=postings)


def test_postings_of_nothing_are_dropped() -> None:
    entry = an_entry(a_posting("a", 5), a_posting("b", 0), a_posting("c", -5))
    assert [posting.account for posting in entry.postings] == ["a", "c"]


@pytest.mark.parametrize(
    "postings",
    [
        (),
        (a_posting("a", 0), a_posting("b", 0)),
        (a_posting("a", 5),),
        (a_posting("a", 5), a_posting("b", -4)),
        (a_posting("a", 5, "USD"), a_posting("b", -5, "EUR")),
    ],
)
def test_what_does_not_balance_in_each_currency_is_refused(postings: tuple[Posting, ...]) -> None:
    with pytest.raises(ValidationError):
        an_entry(*postings)


def test_an_account_named_twice_changes_once() -> None:
    entry = an_entry(
        a_posting("a", 5), a_posting("a", 2), a_posting("b", -7), a_posting("c", 1), a_posting("c", -1)
    )
    assert changes_of((entry,)) == {Account("a", "USD"): 7, Account("b", "USD"): -7}


def test_currencies_never_mix() -> None:
    balances = {Account("a", "USD"): 5, Account("b", "EUR"): -5}
    found = trial_balance(balances)
    assert not found.is_balanced
    assert [(total.currency, total.debit_minor, total.credit_minor) for total in found.totals] == [
        ("EUR", 0, 5),
        ("USD", 5, 0),
    ]


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz"), st.integers(1, 10**9)), max_size=20)
)
def test_whatever_is_posted_debits_and_credits_agree(moves: list[tuple[str, str, int]]) -> None:
    entries = [an_entry(a_posting(debit, minor), a_posting(credit, -minor)) for debit, credit, minor in moves]
    changes = changes_of(entries)
    assert agrees(changes)
    found = trial_balance(changes)
    assert found.is_balanced
    assert all(total.debit_minor == total.credit_minor for total in found.totals)


@pytest.mark.parametrize(
    ("account", "kind"),
    [
        (STRIPE_CASH, AccountKind.ASSET),
        (FEES_DEFERRED, AccountKind.LIABILITY),
        (FEES_REVENUE, AccountKind.INCOME),
        (PROCESSING, AccountKind.EXPENSE),
        (CHARGEBACKS, AccountKind.EXPENSE),
        (provider_payable("usr_1"), AccountKind.LIABILITY),
    ],
)
def test_every_account_has_its_side(account: str, kind: AccountKind) -> None:
    assert kind_of(account) is kind
