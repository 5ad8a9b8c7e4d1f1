"""Refunds and the balance: money that goes back."""

import json

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
    assert (refund.status, refund.pending_reason) == ("pending", "processing")
    sim.event_types()
    clock.advance(hours=24)
    assert api.refunds.retrieve(refund.id).status == "succeeded"
    assert sim.event_types() == ["refund.updated"]


def test_a_refund_may_fail_after_all(clock: MovingClock, api: stripe.V1Services) -> None:
    intent = captured(api, "pm_card_refundFail")
    refund = api.refunds.create({"payment_intent": intent.id})
    assert refund.status == "succeeded"
    clock.advance(hours=24)
    failed = api.refunds.retrieve(refund.id, {"expand": ["failure_balance_transaction"]})
    assert (failed.status, failed.failure_reason) == ("failed", "expired_or_canceled_card")
    assert isinstance(failed.failure_balance_transaction, stripe.BalanceTransaction)
    assert (failed.failure_balance_transaction.type, failed.failure_balance_transaction.net) == (
        "refund_failure",
        10_000,
    )
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


def test_a_pending_refund_may_fail(sim: SimulatedStripe, api: stripe.V1Services) -> None:
    intent = captured(api, "pm_card_pendingRefund")
    refund = api.refunds.create({"payment_intent": intent.id, "amount": 4_000, "reason": "duplicate"})
    sim.event_types()
    told = {"outcome": "failed", "failure_reason": "lost_or_stolen_card"}
    sim.control("POST", f"/_sim/refunds/{refund.id}", {**told})
    assert sim.event_types() == ["refund.failed", "refund.updated", "charge.refund.updated"]
    failed = api.refunds.retrieve(refund.id)
    assert (failed.reason, failed.failure_reason) == ("duplicate", "lost_or_stolen_card")
    assert api.charges.retrieve(charge_of(intent).id).amount_refunded == 0


def test_the_next_refund_fails_as_soon_as_it_is_made(sim: SimulatedStripe, api: stripe.V1Services) -> None:
    intent = captured(api)
    sim.control("POST", "/_sim/refunds/next", {"outcome": "failed", "failure_reason": "declined"})
    failed = api.refunds.create({"payment_intent": intent.id, "amount": 4_000})
    assert (failed.status, failed.failure_reason) == ("failed", "declined")
    booked = api.balance_transactions.list({"source": failed.id}).data
    assert [(one.type, one.net) for one in booked] == [("refund_failure", 4_000), ("refund", -4_000)]
    assert api.charges.retrieve(charge_of(intent).id).amount_refunded == 0
    assert api.refunds.create({"payment_intent": intent.id}).status == "succeeded"


def test_somebody_refunds_in_the_dashboard(sim: SimulatedStripe, api: stripe.V1Services) -> None:
    intent = captured(api)
    sim.event_types()
    sim.control("POST", "/_sim/dashboard/refunds", {"payment_intent": intent.id, "amount": 2_500})
    *_, (payload, _headers) = sim.deliveries()
    event = json.loads(payload)
    assert (event["type"], event["request"]["id"]) == ("charge.refunded", None)
    (refund,) = api.refunds.list({"payment_intent": intent.id}).data
    assert (refund.amount, refund.metadata is not None and refund.metadata.to_dict()) == (2_500, {})
    assert not [request for request in sim.calls() if request == "POST /v1/refunds"]


def test_the_balance_is_listed_by_time(clock: MovingClock, api: stripe.V1Services) -> None:
    captured(api)
    noon = int(clock().timestamp()) + 3_600
    clock.advance(hours=2)
    later = captured(api)
    (moved,) = api.balance_transactions.list({"created": {"gte": noon}, "expand": ["data.source"]}).data
    assert isinstance(moved.source, stripe.Charge)
    assert moved.source.payment_intent == later.id
    assert (moved.fee, [(one.type, one.amount) for one in moved.fee_details]) == (320, [("stripe_fee", 320)])
    pages = list(api.balance_transactions.list({"limit": 1}).auto_paging_iter())
    assert len(pages) == 2
