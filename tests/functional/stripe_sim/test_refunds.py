"""Refunds, disputes, balance: money that goes back."""

import pytest
import stripe

from tests.functional.stripe_sim.conftest import MovingClock
from tests.functional.stripe_sim.payments import authorized, captured, charge_of
from tests.support.stripe import SimulatedStripe


def test_parts_are_refunded_until_nothing_is_left(sim: SimulatedStripe, api: stripe.V1Services) -> None:
    intent = captured(api)
    sim.event_types()
    first = api.refunds.create(
        {"payment_intent": intent.id, "amount": 4_000, "metadata": {"refund_id": "rfd_1"}}
    )
    assert (first.status, first.amount) == ("succeeded", 4_000)
    assert first.metadata is not None
    assert first.metadata.to_dict() == {"refund_id": "rfd_1"}
    assert sim.event_types() == ["refund.created", "charge.refunded"]
    with pytest.raises(stripe.InvalidRequestError) as too_much:
        api.refunds.create({"payment_intent": intent.id, "amount": 6_001})
    assert too_much.value.param == "amount"
    assert api.refunds.create({"charge": charge_of(intent).id}).amount == 6_000
    with pytest.raises(stripe.InvalidRequestError) as again:
        api.refunds.create({"payment_intent": intent.id})
    assert again.value.code == "charge_already_refunded"
    charge = api.charges.retrieve(charge_of(intent).id, {"expand": ["refunds"]})
    assert (charge.amount_refunded, charge.refunded) == (10_000, True)
    assert charge.refunds is not None
    assert [refund.amount for refund in charge.refunds.data] == [6_000, 4_000]


def test_what_was_not_captured_cannot_be_refunded(api: stripe.V1Services) -> None:
    intent = authorized(api)
    with pytest.raises(stripe.InvalidRequestError, match="does not have a successful charge"):
        api.refunds.create({"payment_intent": intent.id})
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        api.refunds.create({"charge": charge_of(intent).id})
    assert refusal.value.code == "charge_not_refundable"


def test_a_refund_names_one_payment(api: stripe.V1Services) -> None:
    intent = captured(api)
    with pytest.raises(stripe.InvalidRequestError) as none:
        api.refunds.create({"amount": 1})
    assert none.value.code == "parameter_missing"
    with pytest.raises(stripe.InvalidRequestError) as two:
        api.refunds.create({"payment_intent": intent.id, "charge": charge_of(intent).id})
    assert two.value.code == "parameters_exclusive"


def test_a_pending_refund_succeeds_later(
    clock: MovingClock, sim: SimulatedStripe, api: stripe.V1Services
) -> None:
    refund = api.refunds.create({"payment_intent": captured(api, "pm_card_pendingRefund").id})
    assert refund.status == "pending"
    sim.event_types()
    clock.advance(hours=24)
    assert api.refunds.retrieve(refund.id).status == "succeeded"
    assert sim.event_types() == ["refund.updated"]


def test_a_refund_may_fail_after_all(clock: MovingClock, api: stripe.V1Services) -> None:
    intent = captured(api, "pm_card_refundFail")
    refund = api.refunds.create({"payment_intent": intent.id})
    assert refund.status == "succeeded"
    clock.advance(hours=24)
    assert api.refunds.retrieve(refund.id).status == "failed"
    assert api.charges.retrieve(charge_of(intent).id).amount_refunded == 0


def test_the_balance_is_what_moved(clock: MovingClock, api: stripe.V1Services) -> None:
    intent = captured(api)
    api.refunds.create({"payment_intent": intent.id, "amount": 1_000})
    balance = api.balance.retrieve()
    assert (balance.pending[0].amount, balance.available[0].amount) == (9_680, -1_000)
    clock.advance(days=2)
    balance = api.balance.retrieve()
    assert (balance.pending[0].amount, balance.available[0].amount) == (0, 8_680)
    kinds = [transaction.type for transaction in api.balance_transactions.list().data]
    assert kinds == ["refund", "charge"]
    assert [one.net for one in api.balance_transactions.list({"type": "charge"}).data] == [9_680]


def test_a_dispute_takes_the_money_and_a_fee(sim: SimulatedStripe, api: stripe.V1Services) -> None:
    charge = charge_of(captured(api))
    sim.event_types()
    sim.dispute(charge.id, "product_not_received")
    (dispute,) = api.disputes.list({"charge": charge.id}).data
    assert (dispute.amount, dispute.reason) == (10_000, "product_not_received")
    assert dispute.balance_transactions[0].net == -11_500
    assert sim.event_types() == ["charge.dispute.created", "charge.dispute.funds_withdrawn"]
    assert api.charges.retrieve(charge.id).disputed
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        api.refunds.create({"charge": charge.id})
    assert refusal.value.code == "charge_disputed"


def test_a_dispute_is_won_by_evidence(sim: SimulatedStripe, api: stripe.V1Services) -> None:
    sim.dispute(charge_of(captured(api)).id)
    (dispute,) = api.disputes.list().data
    sim.event_types()
    won = api.disputes.update(dispute.id, {"evidence": {"uncategorized_text": "winning_evidence"}})
    assert won.status == "won"
    assert sum(one.net for one in won.balance_transactions) == 0
    assert sim.event_types() == [
        "charge.dispute.updated",
        "charge.dispute.funds_reinstated",
        "charge.dispute.closed",
    ]
    with pytest.raises(stripe.InvalidRequestError):
        api.disputes.close(dispute.id)


@pytest.mark.parametrize("outcome", ["won", "lost"])
def test_the_bank_decides_a_dispute(outcome: str, sim: SimulatedStripe, api: stripe.V1Services) -> None:
    sim.dispute(charge_of(captured(api)).id)
    (dispute,) = api.disputes.list().data
    sim.control("POST", f"/_sim/disputes/{dispute.id}", {"outcome": outcome})
    assert api.disputes.retrieve(dispute.id).status == outcome


def test_a_closed_dispute_is_lost(sim: SimulatedStripe, api: stripe.V1Services) -> None:
    sim.dispute(charge_of(captured(api)).id)
    assert api.disputes.close(api.disputes.list().data[0].id).status == "lost"
