"""What Stripe's silence at the wrong moment may not end."""

from contextlib import suppress

import pytest

from callsheet.bookings.converge_payment import converge_payment
from callsheet.bookings.refund_booking import refund_booking
from callsheet.bookings.refunds import RefundBooking
from callsheet.bookings.rules import BookingStatus
from callsheet.kernel.money import Money
from callsheet.kernel.principal import Principal, Role
from callsheet.payments.model import PaymentStatus
from tests.support.crashes import Died, MortalPayments, Steps
from tests.support.stage import Stage, somebody
from tests.support.truths import check_at_rest


@pytest.fixture
def stage(tables: None) -> Stage:
    return Stage()


def test_an_outage_when_silence_should_accept_only_delays_it(stage: Stage) -> None:
    """The deadline ended among the dead letters, and the provider was never paid."""
    booking = stage.accepted(in_hours=30)
    stage.advance(hours=33)
    stage.fake.is_away = True
    stage.advance(hours=50)
    assert stage.case(booking).booking.status is BookingStatus.ACCEPTED
    stage.fake.is_away = False
    stage.advance(hours=2)
    assert stage.case(booking).booking.status is BookingStatus.COMPLETED
    check_at_rest(stage)


def test_a_dispute_heard_of_during_a_refund_is_not_forgotten(stage: Stage) -> None:
    """Its webhook was consumed while the refund was finished, and nobody looked at the dispute again."""
    booking = stage.accepted(in_hours=30)
    stage.advance(hours=33)
    stage.complete(booking)
    steps = Steps(1, after=True)  # the refund is made, and nobody has heard of it
    deps = stage.deps_with(MortalPayments(stage.fake, steps))
    command = RefundBooking(booking_id=booking.id, amount=Money.of(2000, "USD"), reason="The light failed")
    with steps.watching_transactions(), suppress(Died):
        refund_booking(command, somebody(Role.SUPPORT), deps)
    assert steps.names == ["transaction", "refund"]
    stage.fake.dispute(stage.intent_id(booking))
    converge_payment(booking.id, Principal("stripe"), stage.deps)
    payment = stage.case(booking).payment
    assert payment.status is PaymentStatus.DISPUTED
    assert payment.refunded == Money.of(2000, "USD")
