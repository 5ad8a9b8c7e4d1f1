"""Whoever says what the taxes are, a price adds up, and a direct offer costs what it says."""

import math
from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsheet.bookings.errors import AmountTooSmall
from callsheet.bookings.price import PriceLine, PriceSnapshot
from callsheet.bookings.pricing import price, price_direct_offer
from callsheet.bookings.tax import FixedRateTax
from callsheet.gateways.tax import TaxableLine, TaxCalculator, TaxRequest
from callsheet.gateways.tax_details import TaxedPart
from callsheet.kernel.money import Money
from tests.support.taxes import NEW_YORK, FakeTax


def rounded_down(amount: Money, rate: Fraction) -> Money:
    return Money.of(math.floor(amount.amount_minor * rate), amount.currency)


def rounded_up(amount: Money, rate: Fraction) -> Money:
    return Money.of(math.ceil(amount.amount_minor * rate), amount.currency)


ROUNDINGS = st.sampled_from([Money.times, rounded_down, rounded_up])
RATES = st.lists(st.sampled_from(["0", "0.375", "4", "4.5", "8.875", "20"]), max_size=3)


def a_service(minor: int, tax: TaxCalculator, place: str = "DE", currency: str = "USD") -> PriceSnapshot:
    line = PriceLine(key="package", title="Portraits", amount=Money.of(minor, currency))
    return price([line], place, tax)


def parts(snapshot: PriceSnapshot) -> Money:
    return snapshot.subtotal + snapshot.service_tax + snapshot.client_fee + snapshot.fee_tax


@pytest.mark.parametrize(
    ("place", "currency", "minor", "tax"),
    [
        ("DE", "EUR", 10_000, 1_900),
        ("CH", "CHF", 10_000, 810),
        ("DE", "EUR", 1_050, 200),
        ("DE", "EUR", 1_049, 199),
        ("JP", "JPY", 10_005, 1_001),
        ("JP", "JPY", 10_004, 1_000),
        ("US-OR", "USD", 10_000, 0),
        ("US-DE", "USD", 10_000, 0),
    ],
)
def test_the_table_rounds_half_up_on_each_line(place: str, currency: str, minor: int, tax: int) -> None:
    line = TaxableLine(part=TaxedPart.SERVICE, amount=Money.of(minor, currency))
    answer = FixedRateTax().calculate(TaxRequest(jurisdiction=place, lines=(line, line)))
    assert [taxed.tax for taxed in answer.lines] == [Money.of(tax, currency)] * 2
    assert (answer.calculation_id, answer.version) == (None, "fixed-2026-01")


def test_the_table_names_the_place_and_the_rate() -> None:
    snapshot = a_service(100_00, FixedRateTax(), place="CH")
    told = [(d.part, d.amount.amount_minor, d.percentage, d.country, d.level) for d in snapshot.tax_details]
    assert told == [
        (TaxedPart.SERVICE, 810, "8.1", "CH", "country"),
        (TaxedPart.FEE, 41, "8.1", "CH", "country"),
    ]
    assert a_service(100_00, FixedRateTax(), place="US-OR").tax_details == ()
    assert snapshot.tax_calculation_id is None


def test_the_table_reports_to_nobody() -> None:
    tax = FixedRateTax()
    made = tax.commit("", "bkg_1")
    assert made.id == "fixed/bkg_1"
    assert tax.reverse(made, "rfd_1", None).id == "fixed/rfd_1"


def test_a_snapshot_keeps_each_jurisdiction_s_tax_and_the_calculation() -> None:
    tax = FakeTax()
    snapshot = a_service(300_00, tax, place="US-NY")
    assert (snapshot.service_tax, snapshot.fee_tax) == (Money.of(26_63, "USD"), Money.of(1_34, "USD"))
    assert [(d.part, d.level, d.amount.amount_minor) for d in snapshot.tax_details] == [
        (TaxedPart.SERVICE, "state", 12_00),
        (TaxedPart.SERVICE, "city", 13_50),
        (TaxedPart.SERVICE, "district", 1_13),
        (TaxedPart.FEE, "state", 60),
        (TaxedPart.FEE, "city", 68),
        (TaxedPart.FEE, "district", 6),
    ]
    assert (snapshot.tax_calculation_id, snapshot.tax_version) == ("taxcalc_1", "stripe-tax")


def test_a_snapshot_of_old_code_still_loads() -> None:
    stored = a_service(300_00, FixedRateTax()).model_dump(mode="json")
    del stored["tax_details"], stored["tax_calculation_id"]
    loaded = PriceSnapshot.model_validate(stored)
    assert (loaded.tax_details, loaded.tax_calculation_id) == ((), None)


def test_a_service_asks_once_and_an_offer_twice() -> None:
    tax = FakeTax()
    a_service(300_00, tax)
    assert tax.calls == ["calculate"]
    tax.calls.clear()
    snapshot = price_direct_offer(Money.whole(100, "USD"), "Portraits", "US-NY", tax)
    assert tax.calls == ["calculate", "calculate"]
    assert snapshot.tax_calculation_id == "taxcalc_3"


@pytest.mark.parametrize("whole", [1, 3])
def test_an_offer_below_the_fee_asks_nobody(whole: int) -> None:
    tax = FakeTax()
    with pytest.raises(AmountTooSmall):
        price_direct_offer(Money.whole(whole, "USD"), "Offer", "US-NY", tax)
    assert tax.calls == []


def test_an_offer_that_fee_and_taxes_eat_up_is_refused() -> None:
    with pytest.raises(AmountTooSmall):
        price_direct_offer(Money.of(3_01, "USD"), "Offer", "US-NY", FakeTax(rates=("50",)))


@given(minor=st.integers(1, 10_000_00), rates=RATES, rounds=ROUNDINGS)
def test_the_parts_of_a_service_sum_to_its_total(
    minor: int, rates: list[str], rounds: Callable[[Money, Fraction], Money]
) -> None:
    for tax in (FixedRateTax(), FakeTax(rates=rates, rounds=rounds)):
        snapshot = a_service(minor, tax)
        assert parts(snapshot) == snapshot.total
        taxes = sum(detail.amount.amount_minor for detail in snapshot.tax_details)
        assert taxes == (snapshot.service_tax + snapshot.fee_tax).amount_minor


@given(
    whole=st.integers(10, 900_000),
    currency=st.sampled_from(["USD", "EUR", "JPY"]),
    rates=RATES,
    rounds=ROUNDINGS,
)
def test_an_offer_costs_what_it_says_whoever_says_what_the_taxes_are(
    whole: int, currency: str, rates: list[str], rounds: Callable[[Money, Fraction], Money]
) -> None:
    amount = Money.whole(whole * (100 if currency == "JPY" else 1), currency)
    for tax in (FixedRateTax(), FakeTax(rates=rates, rounds=rounds)):
        snapshot = price_direct_offer(amount, "Offer", "DE", tax)
        assert snapshot.total == parts(snapshot) == amount
        taxed = sum(detail.taxable.amount_minor for detail in snapshot.tax_details[:1])
        if taxed:
            assert abs(taxed - snapshot.subtotal.amount_minor) <= 10


@given(whole=st.integers(5, 900_000), place=st.sampled_from(["US-OR", "DE", "CH", "SE"]))
def test_at_one_rate_stripe_s_price_is_the_table_s(whole: int, place: str) -> None:
    rate = {"US-OR": "0", "DE": "19", "CH": "8.1", "SE": "25"}[place]
    amount = Money.whole(whole, "USD")
    ours = price_direct_offer(amount, "Offer", place, FixedRateTax())
    theirs = price_direct_offer(amount, "Offer", place, FakeTax(rates=(rate,)))
    for part in ("subtotal", "service_tax", "client_fee", "fee_tax", "provider_fee", "provider_net"):
        assert getattr(ours, part) == getattr(theirs, part)


def test_where_three_roundings_make_a_cent_more_of_it_the_subtotal_gives_the_cent() -> None:
    """At 8.875 % in one sum 87.48 would leave 7.76 to the state; its three parts are 3.50, 3.94 and 0.33."""
    snapshot = price_direct_offer(Money.whole(100, "USD"), "Offer", "US-NY", FakeTax(rates=NEW_YORK))
    assert snapshot.total == Money.whole(100, "USD")
    assert (snapshot.subtotal, snapshot.client_fee, snapshot.service_tax, snapshot.fee_tax) == tuple(
        Money.of(minor, "USD") for minor in (87_47, 4_37, 7_77, 39)
    )
