"""How two sides differ, who has to approve, and the machines of closes and adjustments."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsheet.closing.comparison import compare, paired
from callsheet.closing.model import ADJUSTABLE, AdjustmentStatus, CloseStatus, DifferenceKind, Movement
from callsheet.closing.rules import (
    ADJUSTMENT,
    CLOSE,
    CloseAction,
    agree,
    bounds_of,
    days_to_look_at,
    is_over,
    kind_of,
    outcome_of,
    still_open,
)
from callsheet.kernel.ids import new_id
from callsheet.kernel.money import Money
from callsheet.ledger import accounts


def moved(*amounts: int | Money, reference: str = "ch_1") -> tuple[Movement, ...]:
    return tuple(
        Movement(reference, f"m_{index}", amount if isinstance(amount, Money) else Money.of(amount, "USD"))
        for index, amount in enumerate(amounts)
    )


EUR = Money.of(9_680, "EUR")


@pytest.mark.parametrize(
    ("stripe", "ledger", "kind"),
    [
        (moved(9_680), moved(), DifferenceKind.MISSING),
        (moved(), moved(10_000, -320), DifferenceKind.EXTRA),
        (moved(9_680), moved(10_000), DifferenceKind.AMOUNT),
        (moved(9_680), moved(10_000, -321), DifferenceKind.AMOUNT),
        (moved(9_680), moved(EUR), DifferenceKind.CURRENCY),
        (moved(9_680), moved(9_680, EUR), DifferenceKind.CURRENCY),
        (moved(9_680), moved(10_000, -320, 10_000, -320), DifferenceKind.DUPLICATE),
        (moved(9_680), moved(10_000, 10_000, -320), DifferenceKind.DUPLICATE),
        (moved(9_680, 9_680), moved(10_000, -320), DifferenceKind.DUPLICATE),
        (moved(500), moved(300, 300), DifferenceKind.AMOUNT),
    ],
)
def test_a_difference_has_one_kind(
    stripe: tuple[Movement, ...], ledger: tuple[Movement, ...], kind: DifferenceKind
) -> None:
    assert not agree(stripe, ledger)
    assert kind_of(stripe, ledger) is kind


def test_a_charge_and_its_fee_are_what_the_balance_has_gained() -> None:
    assert agree(moved(9_680), moved(10_000, -320))


def test_a_dispute_that_was_won_agrees_over_all_its_days() -> None:
    assert agree(moved(-11_500, 10_000), moved(-10_000, -1_500, 10_000))


def test_what_is_open_is_what_the_ledger_lacks_in_each_currency() -> None:
    assert still_open(moved(9_680), moved(EUR)) == (Money.of(-9_680, "EUR"), Money.of(9_680, "USD"))
    assert still_open(moved(9_680), moved(10_000, -320)) == ()


_amounts = st.lists(
    st.builds(Money.of, st.integers(-1_000, 1_000), st.sampled_from(["USD", "EUR", "JPY"])), max_size=5
)


@given(_amounts, _amounts)
def test_posting_what_is_open_makes_both_sides_agree(stripe: list[Money], ledger: list[Money]) -> None:
    there, here = moved(*stripe), moved(*ledger)
    assert agree(there, (*here, *moved(*still_open(there, here))))


_movements = st.lists(
    st.builds(
        Movement,
        st.sampled_from([f"ch_{number}" for number in (1, 10, 100, 2, 20, 3)]),
        st.just("m_1"),
        st.builds(Money.of, st.integers(-3, 3), st.just("USD")),
    ),
    max_size=12,
)


@given(_movements, _movements)
def test_a_stream_finds_what_comparing_everything_with_everything_finds(
    stripe: list[Movement], ledger: list[Movement]
) -> None:
    def only(side: list[Movement], reference: str) -> tuple[Movement, ...]:
        return tuple(movement for movement in side if movement.reference == reference)

    references = {movement.reference for movement in (*stripe, *ledger)}
    expected = sorted(name for name in references if not agree(only(stripe, name), only(ledger, name)))
    pairs = {pair.reference: pair for pair in paired(_in_order(stripe), _in_order(ledger))}
    assert pairs.keys() == references
    chunk = compare(pairs.values(), pairs.__getitem__)
    assert [pair.reference for pair in chunk.differing] == expected
    assert chunk.tally.matched + chunk.tally.differing == len(references)


def _in_order(side: list[Movement]) -> list[Movement]:
    return sorted(side, key=lambda movement: movement.reference)


def test_a_day_is_from_midnight_to_before_the_next_in_utc() -> None:
    since, until = bounds_of(date(2026, 3, 1))
    assert (since, until) == (datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC))
    assert is_over(date(2026, 3, 1), until)
    assert not is_over(date(2026, 3, 1), until - timedelta(microseconds=1))


def test_a_day_is_looked_at_three_hours_after_it_has_ended() -> None:
    early, late = datetime(2026, 3, 5, 2, 59, tzinfo=UTC), datetime(2026, 3, 5, 3, tzinfo=UTC)
    assert days_to_look_at(early) == (date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 3))
    assert days_to_look_at(late) == (date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4))


def test_a_run_ends_by_what_is_open_and_what_once_was() -> None:
    assert outcome_of(1, 5) is CloseAction.DIFFER
    assert outcome_of(0, 5) is CloseAction.SETTLE
    assert outcome_of(0, 0) is CloseAction.AGREE


def test_no_state_of_a_close_or_an_adjustment_is_a_dead_end() -> None:
    assert all(CLOSE.exits(status) for status in CloseStatus)  # every day may be run again
    for status in AdjustmentStatus:
        assert bool(ADJUSTMENT.exits(status)) == (status not in ADJUSTMENT.terminal)


def test_an_adjustment_may_be_booked_to_every_account_but_stripes_cash_and_those_of_people() -> None:
    chart = {value for name, value in vars(accounts).items() if name.isupper() and name[0] != "_"}
    somebody = new_id("usr")
    persons = {
        accounts.provider_payable(somebody),
        accounts.provider_receivable(somebody),
        accounts.provider_reserve(somebody),
        accounts.wallet(somebody),
    }
    refused = {name for name in chart | persons if re.fullmatch(ADJUSTABLE, name) is None}
    between = {
        accounts.WALLET_HELD,
        accounts.CASH_OUTS,
        accounts.REFUNDS_FAILED,
    }  # each is what stands beside it
    assert refused == {accounts.STRIPE_CASH} | between | persons
