"""Stripe counts some currencies otherwise than ISO 4217 does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsheet.gateways.errors import AmountNotPayable
from callsheet.gateways.stripe_amounts import from_stripe, to_stripe
from callsheet.kernel.currencies import EXPONENTS
from callsheet.kernel.money import Money


@pytest.mark.parametrize(
    ("whole", "currency", "amount"),
    [(5, "USD", 500), (500, "JPY", 500), (5, "ISK", 500), (5, "UGX", 500), (5, "MGA", 5), (5, "KWD", 5_000)],
)
def test_amounts_go_as_stripe_documents_them(whole: int, currency: str, amount: int) -> None:
    assert to_stripe(Money.whole(whole, currency)) == amount
    assert from_stripe(amount, currency.lower()) == Money.whole(whole, currency)


@pytest.mark.parametrize("money", [Money.of(1_234, "KWD"), Money.of(150, "MGA")])
def test_parts_that_no_card_has_are_refused(money: Money) -> None:
    with pytest.raises(AmountNotPayable):
        to_stripe(money)


def test_a_fee_with_parts_that_no_coin_has_is_rounded() -> None:
    assert from_stripe(1_250, "isk") == Money.of(13, "ISK")


@given(st.integers(min_value=0, max_value=10**8), st.sampled_from(sorted(EXPONENTS)))
def test_what_goes_to_stripe_comes_back_the_same(minor: int, currency: str) -> None:
    money = Money.of(minor * 100, currency)
    assert from_stripe(to_stripe(money), currency.lower()) == money
