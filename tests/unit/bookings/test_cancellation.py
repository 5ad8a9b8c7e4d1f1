"""Refunds by policy: each band, its boundary, and sums that hold."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from callsheet.bookings.cancellation import (
    POLICIES,
    CancelledBy,
    refund_everything,
    refund_for,
    refund_share,
)
from callsheet.bookings.price import PriceLine, PriceSnapshot
from callsheet.bookings.pricing import price
from callsheet.bookings.tax import FixedRateTax
from callsheet.kernel.money import Money
from callsheet.payments.shares import RefundSplit


def a_price(minor: int = 300_00, place: str = "DE") -> PriceSnapshot:
    line = PriceLine(key="package", title="Portraits", amount=Money.of(minor, "EUR"))
    return price([line], place, FixedRateTax())


def eur(minor: int) -> Money:
    return Money.of(minor, "EUR")


@pytest.mark.parametrize(
    ("key", "hours", "percent"),
    [
        ("default", 72, 100), ("default", 24, 50),
        ("flexible", 48, 100), ("flexible", 24, 50),
        ("firm", 96, 100), ("firm", 72, 50),
        ("studio", 168, 100), ("studio", 48, 50),
    ],
)  # fmt: skip
def test_a_boundary_belongs_to_the_kinder_band(key: str, hours: int, percent: int) -> None:
    policy, boundary = POLICIES[key], timedelta(hours=hours)
    assert policy.client_percent(boundary) == percent
    assert policy.client_percent(boundary - timedelta(microseconds=1)) == percent - 50
    assert policy.client_percent(timedelta(hours=-1)) == 0


def test_a_client_who_cancels_late_gets_half_and_the_platform_keeps_its_fee() -> None:
    split = refund_for(a_price(), POLICIES["default"], CancelledBy.CLIENT, timedelta(hours=30))
    assert (split.payable, split.provider_fee, split.service_tax) == (eur(132_00), eur(18_00), eur(28_50))
    assert (split.client_fee, split.fee_tax, split.total) == (eur(0), eur(0), eur(178_50))


def test_a_provider_who_cancels_refunds_everything() -> None:
    booked = a_price()
    assert refund_for(booked, POLICIES["firm"], CancelledBy.PROVIDER, timedelta(0)).total == booked.total


def test_an_admin_s_word_goes_before_the_policy() -> None:
    split = refund_for(a_price(), POLICIES["firm"], CancelledBy.CLIENT, timedelta(0), override_percent=100)
    assert split.total == eur(357_00)


@given(st.integers(1, 10**7), st.integers(0, 100), st.sampled_from(["DE", "CH", "US-OR"]))
def test_no_refund_takes_more_than_was_paid_from_anyone(minor: int, percent: int, place: str) -> None:
    booked = a_price(minor, place)
    split, everything = refund_share(booked, percent), refund_everything(booked)
    assert everything.total == booked.total
    assert zero_or_more(split)
    for part in ("payable", "provider_fee", "service_tax", "client_fee", "fee_tax", "total"):
        assert getattr(split, part) <= getattr(everything, part)


def zero_or_more(split: RefundSplit) -> bool:
    parts = (split.payable, split.provider_fee, split.service_tax, split.client_fee, split.fee_tax)
    return all(part.amount_minor >= 0 for part in parts)


@pytest.mark.parametrize("percent", [-1, 101])
def test_what_is_no_percentage_is_refused(percent: int) -> None:
    with pytest.raises(ValueError, match="no percentage"):
        refund_share(a_price(), percent)


def test_a_split_that_does_not_add_up_cannot_be() -> None:
    split = refund_everything(a_price()).model_dump()
    split["total"]["amount_minor"] -= 1
    with pytest.raises(ValidationError, match="not the refund"):
        RefundSplit.model_validate(split)
