"""What of the money that is due is paid now: the decision alone."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsheet.kernel.money import Money
from callsheet.transfers.model import (
    Delay,
    Hold,
    HoldRecord,
    Leg,
    Standing,
    Transfer,
    TransferStatus,
)
from callsheet.transfers.payable import reversals_for
from callsheet.transfers.planning import Circumstances, Later, Payout, plan
from callsheet.transfers.rules import retry_at

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
OLD_HAND = 5


def usd(minor: int) -> Money:
    return Money.of(minor, "USD")


def a_transfer(**changes: object) -> Transfer:
    fields = {
        "id": "trf_01JFFFFFFFFFFFFFFFFFFFFFFF",
        "booking_id": "bkg_01JAAAAAAAAAAAAAAAAAAAAAAA",
        "provider_id": "usr_01JCCCCCCCCCCCCCCCCCCCCCCC",
        "currency": "USD",
        "status": TransferStatus.DUE,
        "created_at": NOW,
        "due_at": NOW,
    }
    return Transfer.model_validate({**fields, **changes})


def seen(**changes: object) -> Circumstances:
    fields = {
        "payable": usd(26400),
        "owed": usd(0),
        "standing": Standing(),
        "transfers_before": OLD_HAND,
        "is_account_ready": True,
        "is_gate_open": True,
    }
    return Circumstances(**{**fields, **changes})  # type: ignore[arg-type]  # the test's own words


def test_what_the_ledger_owes_is_paid() -> None:
    assert plan(a_transfer(), seen(), NOW) == Payout(usd(26400), usd(0), usd(0))


def test_a_reserve_is_rounded_down_and_kept_once() -> None:
    standing = Standing(reserve_percent=10, reserve_days=30)
    first = plan(a_transfer(), seen(payable=usd(8381), standing=standing), NOW)
    assert first == Payout(usd(7543), usd(838), usd(0))
    released = plan(a_transfer(was_reserved=True), seen(payable=usd(838), standing=standing), NOW)
    assert released == Payout(usd(838), usd(0), usd(0))


def test_what_the_provider_owes_is_netted_as_far_as_it_goes() -> None:
    assert plan(a_transfer(), seen(owed=usd(5000)), NOW) == Payout(usd(21400), usd(0), usd(5000))
    assert plan(a_transfer(), seen(owed=usd(99999)), NOW) == Payout(usd(0), usd(0), usd(26400))


@pytest.mark.parametrize(
    ("transfer", "circumstances", "delay"),
    [
        (
            a_transfer(holds=(HoldRecord(hold=Hold.DISPUTE, placed_by="stripe", placed_at=NOW),)),
            seen(),
            Delay.HELD,
        ),
        (a_transfer(), seen(is_gate_open=False), Delay.CLOSE_FAILED),
        (a_transfer(), seen(is_account_ready=False), Delay.ACCOUNT_NOT_READY),
        (a_transfer(), seen(transfers_before=4), Delay.NEW_PROVIDER),
    ],
)
def test_nothing_leaves_while_something_keeps_it(
    transfer: Transfer, circumstances: Circumstances, delay: Delay
) -> None:
    later = plan(transfer, circumstances, NOW)
    assert isinstance(later, Later)
    assert later.delay is delay
    assert later.until > NOW


def test_the_first_five_bookings_wait_seven_days() -> None:
    transfer, newcomer = a_transfer(), seen(transfers_before=4)
    assert plan(transfer, newcomer, NOW + timedelta(days=7, seconds=-1)) == Later(
        Delay.NEW_PROVIDER, NOW + timedelta(days=7)
    )
    assert isinstance(plan(transfer, newcomer, NOW + timedelta(days=7)), Payout)


def test_nothing_left_is_settled_whoever_the_provider_is() -> None:
    paid = plan(a_transfer(), seen(payable=usd(0), transfers_before=0, is_account_ready=False), NOW)
    assert paid == Payout(usd(0), usd(0), usd(0))


@given(
    payable=st.integers(1, 10**8),
    owed=st.integers(0, 10**8),
    percent=st.integers(0, 100),
)
def test_every_unit_of_the_payable_goes_to_one_place(payable: int, owed: int, percent: int) -> None:
    standing = Standing(reserve_percent=percent, reserve_days=30)
    paid = plan(a_transfer(), seen(payable=usd(payable), owed=usd(owed), standing=standing), NOW)
    assert isinstance(paid, Payout)
    parts = [paid.amount.amount_minor, paid.reserve.amount_minor, paid.netted.amount_minor]
    assert sum(parts) == payable
    assert min(parts) >= 0
    assert paid.netted.amount_minor <= owed
    assert paid.reserve.amount_minor * 100 <= payable * percent


def test_stripe_is_asked_again_after_an_hour_then_two_then_four_and_daily_in_the_end() -> None:
    hours = [(retry_at(refusals, NOW) - NOW) / timedelta(hours=1) for refusals in (1, 2, 3, 4, 5, 6, 60)]
    assert hours == [1, 2, 4, 8, 16, 24, 24]


def test_money_is_taken_back_from_the_latest_leg_first_and_never_more_than_was_given() -> None:
    legs = (
        Leg(number=1, amount=usd(900), stripe_transfer_id="tr_1", transferred_at=NOW, reversed_minor=100),
        Leg(number=2, amount=usd(100), stripe_transfer_id="tr_2", transferred_at=NOW),
    )
    transfer = a_transfer(legs=legs, status=TransferStatus.TRANSFERRED)
    assert list(reversals_for(transfer, usd(50))) == [(2, usd(50))]
    assert list(reversals_for(transfer, usd(300))) == [(2, usd(100)), (1, usd(200))]
    assert list(reversals_for(transfer, usd(5000))) == [(2, usd(100)), (1, usd(800))]
    assert transfer.transferred == usd(900)
