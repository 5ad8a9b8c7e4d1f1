"""What may be proposed on top of a booking, and what it costs."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsheet.amendments.errors import AmendmentTooLarge, AmendmentTooSmall, NoSession, TooManyAmendments
from callsheet.amendments.rules import (
    amended_by,
    awaited,
    check_limits,
    check_overtime,
    is_agreed_at_checkout,
    overtime_line,
    terms_of,
)
from callsheet.bookings.amends import Amendment, AmendmentKind, Amends
from callsheet.bookings.errors import AcceptanceWindowClosed, SessionNotStarted
from callsheet.bookings.fees import client_fee, provider_fee
from callsheet.bookings.model import Booking
from callsheet.bookings.price import FeeTerms, PriceLine
from callsheet.bookings.pricing import price
from callsheet.bookings.rules import BOOKING, BookingAction, BookingStatus, Party
from callsheet.bookings.states import AMENDMENT, AmendmentAction
from callsheet.bookings.tax import FixedRateTax
from callsheet.kernel.errors import Forbidden
from callsheet.kernel.ids import new_id
from callsheet.kernel.money import Money
from tests.support.builders import NOW, a_booking

_P, _C = BookingStatus.PENDING, BookingStatus.CANCELLED


def usd(minor: int) -> Money:
    return Money.of(minor, "USD")


def a_session(*amendments: Amendment, subtotal: int = 300_00, overtime: int = 0) -> Booking:
    """Two hours of somebody, for `subtotal`."""
    line = PriceLine(key="package", title="Portraits", amount=usd(subtotal))
    snapshot = price([line], "US-OR", FixedRateTax())
    return a_booking().accepted().build().model_copy(
        update={"price": snapshot, "amendments": amendments, "overtime_minutes": overtime}
    )  # fmt: skip


def an_amendment(
    minor: int, status: BookingStatus = _P, minutes: int | None = None, *, is_off_session: bool = False
) -> Amendment:
    kind = AmendmentKind.OVERTIME if minutes else AmendmentKind.CHANGE_ORDER
    return Amendment(
        id=new_id("bkg"), kind=kind, status=status, subtotal=usd(minor), total=usd(minor), minutes=minutes,
        is_off_session=is_off_session,
    )  # fmt: skip


def test_all_amendments_together_cost_no_more_than_the_booking_and_what_was_cancelled_costs_nothing() -> None:
    booking = a_session(an_amendment(100_00), an_amendment(150_00), an_amendment(300_00, _C))
    assert amended_by(booking) == usd(250_00)
    check_limits(booking, usd(50_00))
    with pytest.raises(AmendmentTooLarge) as refusal:
        check_limits(booking, usd(50_01))
    assert refusal.value.extra == {"left_minor": 50_00, "currency": "USD"}


def test_nobody_is_asked_an_eleventh_time_whatever_they_said_before() -> None:
    check_limits(a_session(*[an_amendment(5_00, _C)] * 9), usd(5_00))
    with pytest.raises(TooManyAmendments):
        check_limits(a_session(*[an_amendment(5_00, _C)] * 10), usd(5_00))


def test_an_amendment_is_worth_a_payment_of_its_own() -> None:
    check_limits(a_session(), usd(3_00))
    with pytest.raises(AmendmentTooSmall):
        check_limits(a_session(), usd(2_99))


@given(
    before=st.integers(1, 300_000),
    parts=st.lists(st.integers(1, 200_000), max_size=5),
    checked=st.booleans(),
)
def test_what_comes_on_top_costs_the_fees_that_one_booking_of_both_would_have_cost(
    before: int, parts: list[int], checked: bool
) -> None:
    terms = FeeTerms(background_checked=checked)
    of_clients, of_providers = client_fee(usd(before), terms), provider_fee(usd(before), terms)
    so_far = usd(before)
    for part in map(usd, parts):
        top = replace(terms, on_top_of=so_far)
        assert client_fee(part, top).amount_minor >= 0
        assert 0 <= provider_fee(part, top).amount_minor <= part.amount_minor
        of_clients, of_providers = of_clients + client_fee(part, top), of_providers + provider_fee(part, top)
        so_far += part
    assert (of_clients, of_providers) == (client_fee(so_far, terms), provider_fee(so_far, terms))


def test_the_fees_of_a_change_order_are_those_of_what_comes_on_top() -> None:
    """900.00 are below the second tier: of 200.00 more, half are above it."""
    booking = a_session(subtotal=900_00)
    line = PriceLine(key="change:1", title="A second look", amount=usd(200_00))
    snapshot = price([line], "US-OR", FixedRateTax(), terms_of(booking))
    assert snapshot.client_fee == usd(10_00)
    assert snapshot.provider_fee == usd(12_00 + 10_00)
    assert snapshot.total == usd(210_00)


@pytest.mark.parametrize(("minutes", "minor"), [(1, 112_50), (30, 112_50), (31, 225_00), (60, 225_00)])
def test_overtime_costs_one_and_a_half_of_the_session_s_own_half_hours(minutes: int, minor: int) -> None:
    """Two hours for 300.00 are 75.00 a half hour."""
    line = overtime_line(a_session(), minutes)
    assert (line.amount, line.title) == (usd(minor), f"Overtime, {minutes} minutes")


def test_overtime_is_reported_from_the_start_until_the_acceptance_window_ends() -> None:
    booking = a_session()
    assert booking.starts_at is not None
    assert booking.ends_at is not None
    ends = booking.ends_at + timedelta(hours=48)
    check_overtime(booking, booking.starts_at)
    check_overtime(booking, ends - timedelta(seconds=1))
    with pytest.raises(SessionNotStarted):
        check_overtime(booking, booking.starts_at - timedelta(seconds=1))
    with pytest.raises(AcceptanceWindowClosed):
        check_overtime(booking, ends)
    with pytest.raises(NoSession):
        check_overtime(a_booking().remote().accepted().build(), NOW)


def test_overtime_within_what_was_agreed_at_checkout_needs_nobody_s_word() -> None:
    charged = an_amendment(112_50, minutes=40, is_off_session=True)
    asked = an_amendment(112_50, minutes=60)
    failed = an_amendment(112_50, _C, minutes=60, is_off_session=True)
    booking = a_session(charged, asked, failed, overtime=90)
    assert is_agreed_at_checkout(booking, 30)
    assert not is_agreed_at_checkout(booking, 31), "40 minutes were charged as two half hours of the three"
    assert is_agreed_at_checkout(a_session(overtime=45), 45)
    assert not is_agreed_at_checkout(a_session(overtime=45), 46)
    assert not is_agreed_at_checkout(booking, None)
    assert not is_agreed_at_checkout(a_session(), 1)


def test_who_is_waited_for_is_the_other_side_and_a_client_whose_payment_is_missing() -> None:
    by_client = Amends(booking_id="bkg_1", kind=AmendmentKind.CHANGE_ORDER, proposed_by=Party.CLIENT)
    by_provider = by_client.model_copy(update={"proposed_by": Party.PROVIDER})
    assert awaited(by_client, is_authorized=False) is Party.CLIENT
    assert awaited(by_client, is_authorized=True) is Party.PROVIDER
    assert awaited(by_provider, is_authorized=False) is Party.CLIENT
    agreed = by_provider.model_copy(update={"agreed_at": NOW})
    assert awaited(agreed, is_authorized=False) is Party.CLIENT


def test_every_state_of_an_amendment_ends_by_itself_and_none_leaves_an_authorisation() -> None:
    for state in (_P, BookingStatus.ACCEPTED):
        leaves = [row for row in AMENDMENT.exits(state) if row.target != state]
        assert any("system" in row.who for row in leaves)
    for row in AMENDMENT.exits(_P):
        if row.target is _C:
            assert row.effects == ("void the authorisation",)
    for state in AMENDMENT.terminal:
        assert AMENDMENT.exits(state) == ()


@pytest.mark.parametrize(
    "action", [AmendmentAction.AUTHORIZE, AmendmentAction.EXPIRE, AmendmentAction.FAIL_PAYMENT]
)
def test_what_time_and_stripe_do_to_a_booking_they_do_to_an_amendment(action: AmendmentAction) -> None:
    who = "system" if action is AmendmentAction.EXPIRE else "stripe"
    of_booking = BOOKING.step(_P, BookingAction(action), who)
    assert AMENDMENT.step(_P, action, who).target is of_booking.target


def test_nobody_consents_to_their_own_proposal_or_takes_back_another_s() -> None:
    for action, who in (
        (AmendmentAction.CONSENT, "proposer"),
        (AmendmentAction.DECLINE, "proposer"),
        (AmendmentAction.WITHDRAW, "other side"),
    ):
        with pytest.raises(Forbidden):
            AMENDMENT.step(_P, action, who)
