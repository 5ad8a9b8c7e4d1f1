"""Stories that random histories of money have told (tests/simulation/test_money.py), one each."""

import pytest

from callsheet.bookings.create_booking import create_booking
from callsheet.bookings.rules import BookingStatus
from callsheet.gateways.payments import IntentStatus
from callsheet.payments.model import PaymentStatus
from tests.support.at_stripe import StripeStage
from tests.support.crashes import Died
from tests.support.truths import all_bookings, all_payments, check_at_rest


@pytest.mark.parametrize("is_known", [False, True], ids=["a new client", "a known client"])
def test_an_order_that_nobody_repeated_within_a_day_is_found_and_not_made_twice(
    tables: None, is_known: bool
) -> None:
    """The process dies before it records the intent, and everything stands still for days: keys are forgotten."""
    stage = StripeStage()
    if is_known:
        stage.decline(stage.book())
    before = set(all_bookings())
    with stage.dying((2 if is_known else 3, False)), pytest.raises(Died):
        create_booking(stage.command(), stage.carla, stage.deps)
    assert stage.steps.names[-2:] == ["authorize", "transaction"]
    (booking_id,) = set(all_bookings()) - before
    stage.advance(hours=3 * 24)
    payment = all_payments()[booking_id]
    assert all_bookings()[booking_id].status is BookingStatus.CANCELLED
    assert payment.status is PaymentStatus.VOIDED
    assert len(stage.intents) == 1 + is_known
    assert {intent.status for intent in stage.intents.values()} == {IntentStatus.CANCELED}
    check_at_rest(stage)
