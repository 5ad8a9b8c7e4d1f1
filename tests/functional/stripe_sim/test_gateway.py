"""Our payment gateway over the simulator: the port of `gateways/payments.py` on Stripe's wire."""

from datetime import timedelta

import pytest

from callsheet.gateways.declines import DeclineReason
from callsheet.gateways.errors import IntentRefused, IntentStateChanged, PaymentsUnavailable
from callsheet.gateways.payments import Intent, IntentStatus, Order
from callsheet.gateways.stripe_payments import StripePayments
from callsheet.kernel.money import Money
from tests.functional.stripe_sim.conftest import MovingClock
from tests.support.stripe import SimulatedStripe


@pytest.fixture
def gateway(tables: None, sim: SimulatedStripe) -> StripePayments:
    return StripePayments(http_client=sim)


def _authorized(gateway: StripePayments, method: str | None = "pm_card_visa") -> Intent:
    return gateway.authorize(
        Order(
            payment_id="pay_1",
            subject="bkg_1",
            group="bkg_1",
            amount=Money.of(10_000, "USD"),
            customer_id=gateway.create_customer("usr_1"),
            payment_method=method,
            description="A booking",
        )
    )


def test_a_booking_is_authorised_captured_and_refunded(clock: MovingClock, gateway: StripePayments) -> None:
    intent = _authorized(gateway)
    assert intent.status is IntentStatus.REQUIRES_CAPTURE
    assert intent.capture_before == clock() + timedelta(days=7)
    taken = gateway.capture(intent.id, "pay_1")
    assert (taken.status, taken.fee) == (IntentStatus.SUCCEEDED, Money.of(320, "USD"))
    assert gateway.refund(intent.id, Money.of(2_500, "USD"), "rfd_1").status == "succeeded"
    assert gateway.intent(intent.id).refunded_minor == 2_500
    with pytest.raises(IntentStateChanged):
        gateway.cancel(intent.id, "pay_1")


def test_the_same_order_is_the_same_intent(sim: SimulatedStripe, gateway: StripePayments) -> None:
    assert _authorized(gateway).id == _authorized(gateway).id
    assert len(sim.simulator.world.kept("customer")) == 1


def test_a_voided_intent_stays_voided(gateway: StripePayments) -> None:
    intent = _authorized(gateway)
    assert gateway.cancel(intent.id, "pay_1").status is IntentStatus.CANCELED
    with pytest.raises(IntentStateChanged):
        gateway.capture(intent.id, "pay_1")


@pytest.mark.parametrize(
    ("method", "status", "reason"),
    [
        (None, IntentStatus.REQUIRES_PAYMENT_METHOD, None),
        ("pm_card_authenticationRequired", IntentStatus.REQUIRES_ACTION, None),
        ("pm_card_chargeDeclined", IntentStatus.REQUIRES_PAYMENT_METHOD, DeclineReason.CARD_DECLINED),
        (
            "pm_card_chargeDeclinedInsufficientFunds",
            IntentStatus.REQUIRES_PAYMENT_METHOD,
            DeclineReason.INSUFFICIENT_FUNDS,
        ),
        (
            "pm_card_chargeDeclinedExpiredCard",
            IntentStatus.REQUIRES_PAYMENT_METHOD,
            DeclineReason.EXPIRED_CARD,
        ),
    ],
)
def test_what_is_not_paid_is_told_apart(
    method: str | None, status: IntentStatus, reason: DeclineReason | None, gateway: StripePayments
) -> None:
    intent = _authorized(gateway, method)
    assert (intent.status, intent.decline_reason) == (status, reason)


def test_an_unknown_card_is_no_card(gateway: StripePayments) -> None:
    with pytest.raises(IntentRefused):
        _authorized(gateway, "pm_card_gold")


@pytest.mark.parametrize("kind", ["timeout", "applied_then_timeout"])
def test_a_lost_answer_heals_under_the_same_key(
    kind: str, sim: SimulatedStripe, gateway: StripePayments
) -> None:
    sim.fail("/v1/payment_intents", kind, times=2)  # the SDK repeats once
    with pytest.raises(PaymentsUnavailable):
        _authorized(gateway)
    assert _authorized(gateway).status is IntentStatus.REQUIRES_CAPTURE
    assert len(sim.simulator.world.kept("payment_intent")) == 1


def test_a_failure_that_stripe_keeps_is_got_past(sim: SimulatedStripe, gateway: StripePayments) -> None:
    intent = _authorized(gateway)
    sim.fail("/v1/payment_intents/*/capture", "error")
    with pytest.raises(PaymentsUnavailable):
        gateway.capture(intent.id, "pay_1")
    assert gateway.capture(intent.id, "pay_1").status is IntentStatus.SUCCEEDED


def test_a_failure_that_stripe_keeps_makes_no_second_intent_and_no_second_refund(
    sim: SimulatedStripe, gateway: StripePayments
) -> None:
    sim.fail("/v1/payment_intents", "error")
    with pytest.raises(PaymentsUnavailable):
        _authorized(gateway)
    intent = _authorized(gateway)
    assert intent.status is IntentStatus.REQUIRES_CAPTURE
    assert _authorized(gateway).id == intent.id
    assert len(sim.simulator.world.kept("payment_intent")) == 1
    gateway.capture(intent.id, "pay_1")
    sim.fail("/v1/refunds", "error")
    half = Money.of(5_000, "USD")
    with pytest.raises(PaymentsUnavailable):
        gateway.refund(intent.id, half, "rfd_1")
    receipt = gateway.refund(intent.id, half, "rfd_1")
    assert gateway.refund(intent.id, half, "rfd_1") == receipt
    assert gateway.intent(intent.id).refunded_minor == 5_000
