"""Who cannot be paid yet can be found and booked, but cannot accept."""

import pytest

from callsheet.bookings.model import BookingView
from callsheet.bookings.rules import BookingStatus
from callsheet.connect.errors import PayoutsNotEnabled
from callsheet.connect.model import PayoutStatus
from callsheet.connect.store import PayoutAccountItem, stored_account
from callsheet.payments.model import PaymentStatus
from tests.functional.graphql.asking import ask, code_of
from tests.support.market import Market
from tests.support.stage import Stage


def payout_account(user_id: str) -> PayoutAccountItem:
    stored = stored_account(user_id)
    assert stored is not None
    return stored


def stands_at(user_id: str, status: PayoutStatus) -> None:
    stored = payout_account(user_id)
    stored.document = stored.document.model_copy(update={"status": status})
    stored.save()


def everything(stage: Stage, booking: BookingView) -> tuple[object, object]:
    case = stage.case(booking)
    return case.stored_booking.serialize(), case.stored_payment.serialize()


@pytest.mark.parametrize("status", [one for one in PayoutStatus if one is not PayoutStatus.ACTIVE])
def test_without_an_active_account_nobody_accepts_and_nothing_changes(
    stage: Stage, status: PayoutStatus
) -> None:
    booking = stage.book()
    stands_at(stage.pavel.user.id, status)
    before = everything(stage, booking)
    stage.fake.calls.clear()
    with pytest.raises(PayoutsNotEnabled) as refused:
        stage.accept(booking)
    assert refused.value.extra == {"payout_status": status}
    assert everything(stage, booking) == before
    assert stage.fake.calls == []


def test_without_any_account_nobody_accepts_and_it_is_no_state(stage: Stage) -> None:
    booking = stage.book()
    payout_account(stage.pavel.user.id).delete()
    with pytest.raises(PayoutsNotEnabled) as refused:
        stage.accept(booking)
    assert refused.value.extra == {}
    assert stage.case(booking).payment.status is PaymentStatus.AUTHORIZED


def test_once_the_account_is_active_the_same_booking_is_accepted(stage: Stage) -> None:
    booking = stage.book()
    stands_at(stage.pavel.user.id, PayoutStatus.ONBOARDING)
    with pytest.raises(PayoutsNotEnabled):
        stage.accept(booking)
    stands_at(stage.pavel.user.id, PayoutStatus.ACTIVE)
    assert stage.accept(booking).status is BookingStatus.ACCEPTED


def test_what_was_accepted_before_a_restriction_stays_accepted(stage: Stage) -> None:
    booking = stage.accepted()
    stands_at(stage.pavel.user.id, PayoutStatus.RESTRICTED)
    assert stage.case(booking).booking.status is BookingStatus.ACCEPTED
    assert stage.case(booking).payment.status is PaymentStatus.CAPTURED


def test_both_doors_refuse_with_the_same_code(market: Market) -> None:
    booking = market.book()
    stands_at(market.provider.user.id, PayoutStatus.ONBOARDING)
    answer = market.as_pavel(booking, "accept")
    assert (answer.status, answer.json()["code"]) == (409, "payouts_not_enabled")
    assert answer.json()["payout_status"] == "onboarding"
    document = "mutation($id: ID!) { acceptBooking(id: $id) { status } }"
    assert code_of(ask(market, document, market.pavel, id=booking["id"])) == "payouts_not_enabled"
    assert not any(call.endswith("/capture") for call in market.stripe.calls())
