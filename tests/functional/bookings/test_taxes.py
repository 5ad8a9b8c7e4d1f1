"""Bookings whose taxes Stripe knows: what they may cost, what they keep, and what parties are shown."""

from dataclasses import replace
from datetime import timedelta

import pytest

from callsheet.bookings.create_booking import create_booking
from callsheet.bookings.get_booking import get_booking
from callsheet.bookings.model import CreateBooking, QuoteBooking
from callsheet.bookings.quote_booking import quote_booking
from callsheet.gateways.errors import PaymentsUnavailable
from callsheet.kernel.money import Money
from tests.functional.bookings.test_budgets import READ, WRITE, counting
from tests.support.stage import Stage
from tests.support.taxes import FakeTax


@pytest.fixture
def tax(stage: Stage) -> FakeTax:
    """Counted together with the calls to the payment provider and to DynamoDB."""
    tax = FakeTax(calls=stage.fake.calls)
    stage.deps = replace(stage.deps, tax=tax)
    return tax


def a_service(stage: Stage) -> CreateBooking:
    return CreateBooking(
        provider_id=stage.pavel.profile_id, service_id=stage.pavel.service_id, payment_method="pm_card_visa",
        starts_at=stage.clock.now() + timedelta(hours=48),
    )  # fmt: skip


@pytest.mark.usefixtures("tax")
def test_a_service_asks_stripe_tax_once_and_the_tables_no_more_than_before(stage: Stage) -> None:
    with counting(stage) as calls:
        stage.book(a_service(stage))
    assert calls == [READ, "calculate", WRITE, "create_customer", "authorize", WRITE]


@pytest.mark.usefixtures("tax")
def test_an_offer_asks_stripe_tax_twice_and_the_tables_no_more_than_before(stage: Stage) -> None:
    with counting(stage) as calls:
        stage.book()
    assert calls == [READ, "calculate", "calculate", WRITE, "create_customer", "authorize", WRITE]


@pytest.mark.usefixtures("tax")
def test_a_quote_asks_as_the_booking_would_and_comes_to_the_same(stage: Stage) -> None:
    asked = QuoteBooking(provider_id=stage.pavel.profile_id, service_id=stage.pavel.service_id)
    with counting(stage) as calls:
        quote = quote_booking(asked, stage.carla, stage.deps)
    assert calls == [READ, "calculate"]
    assert quote.total == stage.book(a_service(stage)).total == Money.of(342_97, "USD")


def test_parties_are_shown_who_takes_which_tax(stage: Stage, tax: FakeTax) -> None:
    booking = stage.book(a_service(stage))
    shown = get_booking(booking.id, stage.pavel.user, stage.deps).price
    assert [(one.part, one.level, one.amount.amount_minor) for one in shown.tax_details] == [
        ("service", "state", 12_00),
        ("service", "city", 13_50),
        ("service", "district", 1_13),
        ("fee", "state", 60),
        ("fee", "city", 68),
        ("fee", "district", 6),
    ]
    kept = stage.case(booking).booking.price
    assert kept.tax_calculation_id in tax.calculations
    assert (kept.service_tax, kept.fee_tax) == (Money.of(26_63, "USD"), Money.of(1_34, "USD"))


def test_while_stripe_tax_is_away_nothing_is_asked_for_and_nothing_held(stage: Stage, tax: FakeTax) -> None:
    tax.is_away = True
    with counting(stage) as calls, pytest.raises(PaymentsUnavailable):
        create_booking(a_service(stage), stage.carla, stage.deps)
    assert calls == [READ, "calculate"]
    tax.is_away = False
    assert stage.book(a_service(stage)).total == Money.of(342_97, "USD")
