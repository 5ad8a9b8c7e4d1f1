"""Everything the simulator keeps has the shape that the SDK's resource classes describe."""

import io

import pytest
import stripe

from tests.functional.stripe_sim.payments import authorized, captured, charge_of, order
from tests.support.conformity import NotAsStripe, faults_of_answer, faults_of_resource
from tests.support.stripe import SimulatedStripe

_KINDS = {
    "account",
    "balance_transaction",
    "bank_account",
    "card",
    "charge",
    "customer",
    "dispute",
    "event",
    "file",
    "payment_intent",
    "payment_method",
    "payout",
    "refund",
    "setup_intent",
    "transfer",
    "transfer_reversal",
}


def test_every_object_is_what_the_sdk_says_it_is(sim: SimulatedStripe, api: stripe.V1Services) -> None:
    _live_a_little(sim, api)
    worlds = [sim.simulator.world, *sim.simulator.world.connected.values()]
    assert {kind for world in worlds for kind in world.objects} == _KINDS
    objects = [obj for world in worlds for kept in world.objects.values() for obj in kept.values()]
    assert [fault for obj in objects for fault in faults_of_resource(obj)] == []


def test_the_check_finds_what_is_wrong() -> None:
    faults = faults_of_resource(
        {"object": "refund", "id": 7, "amount": "much", "status": None, "colour": "red"}
    )
    assert {fault.partition(":")[0] for fault in faults} >= {"refund.id", "refund.amount", "refund.colour"}


def test_an_answer_that_stripe_would_not_give_fails_whatever_the_test_is_about(
    sim: SimulatedStripe, api: stripe.V1Services
) -> None:
    intent = authorized(api)
    sim.simulator.world.kept("payment_intent")[intent.id]["status"] = "painted"
    with pytest.raises(NotAsStripe, match=r"payment_intent\.status: 'painted'"):
        api.payment_intents.retrieve(intent.id)
    with pytest.raises(NotAsStripe):
        api.payment_intents.list()


def test_a_refusal_is_looked_at_too() -> None:
    assert faults_of_answer({"error": {"type": "card_error", "message": "No", "code": "card_declined"}}) == []
    assert faults_of_answer({"error": {"type": "card_error", "reason": "No"}}) == ["error.reason: unknown"]


def _live_a_little(sim: SimulatedStripe, api: stripe.V1Services) -> None:
    customer = api.customers.create({"email": "someone@callsheet.test", "metadata": {"user_id": "usr_1"}})
    api.setup_intents.create(
        {"customer": customer.id, "payment_method": "pm_card_visa", "confirm": True, "usage": "off_session"}
    )
    authorized(api, customer=customer.id, setup_future_usage="off_session", transfer_group="bkg_1")
    api.payment_intents.cancel(authorized(api).id)
    waiting = api.payment_intents.create(order("pm_card_authenticationRequired"))
    redirected = order("pm_card_authenticationRequired", return_url="https://callsheet.test/back")
    api.payment_intents.create(redirected)
    sim.authenticate(waiting.id, "failure")
    with pytest.raises(stripe.CardError):
        api.payment_intents.create(order("pm_card_chargeDeclined"))
    paid = captured(api)
    api.refunds.create({"payment_intent": paid.id, "amount": 100})
    sim.dispute(charge_of(captured(api)).id)
    evidence = io.BytesIO(b"%PDF-1.7")
    api.files.create({"file": evidence, "purpose": "dispute_evidence"})
    captured(api, "pm_card_createDisputeInquiry")
    refund = api.refunds.create({"payment_intent": captured(api, "pm_card_pendingRefund").id})
    sim.control("POST", f"/_sim/refunds/{refund.id}", {"outcome": "failed"})
    account = api.accounts.create({"type": "express", "capabilities": {"transfers": {"requested": True}}})
    sim.onboard(account.id)
    card = "tok_visa_debit_us_transferSuccess"
    api.accounts.external_accounts.create(account.id, {"external_account": card})
    sim.control("POST", f"/_sim/accounts/{account.id}", {"require": ["individual.verification.document"]})
    sim.control("POST", f"/_sim/accounts/{account.id}", {"lift": True})
    sent = api.transfers.create(
        {
            "amount": 500,
            "currency": "usd",
            "destination": account.id,
            "source_transaction": charge_of(paid).id,
        }
    )
    api.transfers.reversals.create(sent.id, {"amount": 200})
    sim.advance(hours=24 * 6)
    assert api.payouts.list({}, {"stripe_account": account.id}).data[0].status == "paid"
