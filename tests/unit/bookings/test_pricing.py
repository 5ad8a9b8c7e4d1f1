"""Prices: the golden values, and sums that hold whatever the figures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from callsheet.bookings.errors import AmountTooLarge, AmountTooSmall, CurrencyUnsupported
from callsheet.bookings.fees import SCHEDULES, provider_fee
from callsheet.bookings.price import FeeTerms, PriceLine, PriceSnapshot
from callsheet.bookings.pricing import MAX_PAYMENT_MINOR, price, price_direct_offer
from callsheet.bookings.tax import FixedRateTax
from callsheet.kernel.money import Money

TAX = FixedRateTax()
NO_TAX = "US-OR"


def usd(minor: int) -> Money:
    return Money.of(minor, "USD")


def lines(*amounts: int) -> list[PriceLine]:
    return [PriceLine(key=f"line{n}", title="x", amount=usd(minor)) for n, minor in enumerate(amounts)]


def test_three_hundred_costs_315_and_pays_264() -> None:
    snapshot = price(lines(300_00), NO_TAX, TAX)
    assert (snapshot.total, snapshot.provider_net) == (usd(315_00), usd(264_00))


def test_six_hundred_with_both_discounts_has_a_provider_s_fee_of_63() -> None:
    terms = FeeTerms(instant=True, background_checked=True)
    assert price(lines(600_00), NO_TAX, TAX, terms).provider_fee == usd(63_00)


def test_a_studio_of_four_hours_and_cleaning_costs_462() -> None:
    snapshot = price(lines(400_00, 40_00), NO_TAX, TAX)
    assert (snapshot.provider_fee, snapshot.total) == (usd(52_80), usd(462_00))


def test_a_direct_offer_of_a_hundred_contains_its_fee() -> None:
    snapshot = price_direct_offer(usd(100_00), "Portraits", NO_TAX, TAX)
    assert snapshot.total == usd(100_00)
    assert (snapshot.subtotal, snapshot.client_fee, snapshot.provider_net) == (
        usd(95_24),
        usd(4_76),
        usd(83_81),
    )


@pytest.mark.parametrize(
    ("subtotal", "fee"), [(1_000_00, 120_00), (1_000_01, 120_00), (2_000_00, 220_00), (10_000_00, 1_020_00)]
)
def test_above_the_tier_only_the_part_above_is_cheaper(subtotal: int, fee: int) -> None:
    assert provider_fee(usd(subtotal), FeeTerms()) == usd(fee)


def test_discounts_never_lead_below_nine_percent() -> None:
    terms = FeeTerms(instant=True, background_checked=True)
    assert provider_fee(usd(100_000_00), terms) == usd(9_000_00)


def test_the_client_s_fee_has_a_minimum_and_bank_debit_is_cheaper() -> None:
    assert price(lines(10_00), NO_TAX, TAX).client_fee == usd(3_00)
    assert price(lines(60_00), NO_TAX, TAX).client_fee == usd(3_00)
    assert price(lines(300_00), NO_TAX, TAX, FeeTerms(bank_debit=True)).client_fee == usd(9_00)


def test_tax_is_on_the_service_and_on_the_fee() -> None:
    snapshot = price(lines(100_00), "DE", TAX)
    assert (snapshot.service_tax, snapshot.fee_tax, snapshot.total) == (usd(19_00), usd(95), usd(124_95))
    assert (snapshot.tax_version, snapshot.jurisdiction) == ("fixed-2026-01", "DE")


@given(
    amounts=st.lists(st.integers(1, 10_000_00), min_size=1, max_size=6),
    place=st.sampled_from([NO_TAX, "DE", "CH", "SE"]),
    instant=st.booleans(),
    checked=st.booleans(),
)
def test_whatever_is_sold_the_sums_hold_and_everybody_gets_something(
    amounts: list[int], place: str, instant: bool, checked: bool
) -> None:
    snapshot = price(lines(*amounts), place, TAX, FeeTerms(instant=instant, background_checked=checked))
    assert snapshot.subtotal.amount_minor == sum(amounts)
    assert snapshot.provider_fee.amount_minor * 100 >= 9 * sum(amounts) - 50
    assert snapshot.provider_fee.amount_minor * 100 <= 12 * sum(amounts) + 50
    assert snapshot.total.amount_minor <= 1.25 * (1.05 * sum(amounts) + 300) + 2


@given(
    whole=st.integers(5, 900_000),
    place=st.sampled_from([NO_TAX, "DE", "CH", "SE"]),
    currency=st.sampled_from(["USD", "EUR"]),
)
def test_every_direct_offer_costs_exactly_what_it_says(whole: int, place: str, currency: str) -> None:
    amount = Money.whole(whole, currency)
    snapshot = price_direct_offer(amount, "Offer", place, TAX)
    assert snapshot.total == amount
    assert snapshot.provider_net.amount_minor >= 0
    exact = price([PriceLine(key="x", title="x", amount=snapshot.subtotal)], place, TAX)
    for part in ("client_fee", "service_tax", "fee_tax"):
        assert 0 <= getattr(exact, part).amount_minor - getattr(snapshot, part).amount_minor <= 1


@pytest.mark.parametrize("whole", [0, -5, 1, 3])
def test_an_offer_below_its_own_fee_is_refused(whole: int) -> None:
    with pytest.raises(AmountTooSmall):
        price_direct_offer(Money.whole(whole, "USD"), "Offer", NO_TAX, TAX)


def test_more_than_one_payment_can_carry_is_refused() -> None:
    with pytest.raises(AmountTooLarge):
        price_direct_offer(usd(MAX_PAYMENT_MINOR + 1), "Offer", NO_TAX, TAX)
    with pytest.raises(AmountTooLarge):
        price(lines(MAX_PAYMENT_MINOR), NO_TAX, TAX)


def test_a_currency_without_figures_is_refused() -> None:
    assert "JPY" in SCHEDULES
    with pytest.raises(CurrencyUnsupported):
        price_direct_offer(Money.whole(100, "KWD"), "Offer", NO_TAX, TAX)


def test_yen_have_no_cents_and_their_own_minimum() -> None:
    snapshot = price_direct_offer(Money.whole(5_000, "JPY"), "Offer", NO_TAX, TAX)
    assert (snapshot.total.amount_minor, snapshot.client_fee.amount_minor) == (5_000, 450)


@pytest.mark.parametrize("field", ["total", "provider_net", "subtotal"])
def test_a_snapshot_that_does_not_add_up_cannot_be(field: str) -> None:
    whole = price(lines(300_00), NO_TAX, TAX).model_dump()
    whole[field]["amount_minor"] += 1
    with pytest.raises(ValidationError, match="are not the"):
        PriceSnapshot.model_validate(whole)
