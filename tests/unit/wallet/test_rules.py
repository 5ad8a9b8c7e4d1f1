"""How much support may give, day by day."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from callsheet.bookings.fees import SCHEDULES
from callsheet.kernel.money import Money
from callsheet.ledger.accounts import REFERRALS, WALLET_HELD, kind_of, wallet
from callsheet.ledger.model import AccountKind
from callsheet.ledger.second_person import limit_of
from callsheet.wallet.postings import credited_entry, held_entry, returned_entry
from callsheet.wallet.rules import CURRENCIES, left_to_give, recent, with_another

TODAY = date(2026, 3, 2)


def test_credit_is_given_in_the_currencies_that_bookings_cost() -> None:
    assert set(SCHEDULES) == CURRENCIES


def test_a_day_counts_for_thirty_days() -> None:
    day = TODAY.isoformat()
    given_then = {day: 400_00}
    assert left_to_give(given_then, TODAY + timedelta(days=29), "USD") == Money.of(100_00, "USD")
    assert left_to_give(given_then, TODAY + timedelta(days=30), "USD") == Money.of(500_00, "USD")


@given(st.lists(st.tuples(st.integers(0, 90), st.integers(1, 400_00)), max_size=40))
def test_whatever_is_given_no_thirty_days_hold_more_than_the_limit(asked: list[tuple[int, int]]) -> None:
    kept: dict[str, int] = {}
    granted: list[tuple[date, int]] = []
    for days, minor in sorted(asked):
        today, amount = TODAY + timedelta(days=days), Money.of(minor, "USD")
        if amount <= left_to_give(kept, today, "USD"):
            kept = with_another(kept, today, amount)
            granted.append((today, minor))
        assert len(kept) <= 30, "what is kept stays small"
    for last, _ in granted:
        within = [minor for day, minor in granted if last - timedelta(days=29) <= day <= last]
        assert sum(within) <= limit_of("USD").amount_minor


def test_what_is_older_is_forgotten() -> None:
    assert recent({"2026-01-31": 1, "2026-02-01": 2, "2026-03-02": 3}, TODAY) == {
        "2026-02-01": 2,
        "2026-03-02": 3,
    }


def test_credit_is_a_liability_and_an_expense_and_never_in_one_entry_with_cash() -> None:
    amount = Money.whole(20, "USD")
    entries = [
        credited_entry("wcr_1", "usr_1", REFERRALS, amount),
        held_entry("bkg_1", "usr_1", amount),
        returned_entry("bkg_1", "usr_1", amount),
    ]
    assert kind_of(wallet("usr_1")) is kind_of(WALLET_HELD) is AccountKind.LIABILITY
    assert kind_of(REFERRALS) is AccountKind.EXPENSE
    touched = [{posting.account for posting in entry.postings} for entry in entries]
    assert touched == [
        {REFERRALS, "wallet:usr_1"},
        {WALLET_HELD, "wallet:usr_1"},
        {WALLET_HELD, "wallet:usr_1"},
    ]
