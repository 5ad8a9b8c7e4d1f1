"""What each test card does (Stripe, "Testing")."""

import pytest
import stripe

from tests.functional.stripe_sim.payments import authorized, captured, charge_of, order
from tests.support.stripe import SimulatedStripe


@pytest.mark.parametrize(
    ("card", "code", "decline_code"),
    [
        ("chargeDeclined", "card_declined", "generic_decline"),
        ("chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
        ("chargeDeclinedExpiredCard", "expired_card", "expired_card"),
        ("chargeDeclinedIncorrectCvc", "incorrect_cvc", "incorrect_cvc"),
        ("chargeDeclinedProcessingError", "processing_error", "processing_error"),
        ("chargeDeclinedLostCard", "card_declined", "lost_card"),
        ("chargeDeclinedStolenCard", "card_declined", "stolen_card"),
        ("chargeDeclinedVelocityLimitExceeded", "card_declined", "card_velocity_exceeded"),
        ("chargeDeclinedFraudulent", "card_declined", "fraudulent"),
        ("chargeCustomerFail", "card_declined", "generic_decline"),
        ("riskLevelHighest", "card_declined", "fraudulent"),
    ],
)
def test_a_refused_card(
    card: str, code: str, decline_code: str, sim: SimulatedStripe, api: stripe.V1Services
) -> None:
    with pytest.raises(stripe.CardError) as refusal:
        api.payment_intents.create(order(f"pm_card_{card}"))
    error = refusal.value.error
    assert refusal.value.http_status == 402
    assert error is not None
    assert error.type == "card_error"
    assert (error.code, error.decline_code) == (code, decline_code)
    assert error.payment_intent is not None
    intent = api.payment_intents.retrieve(error.payment_intent.id, {"expand": ["latest_charge"]})
    assert (intent.status, intent.payment_method, intent.amount_capturable) == (
        "requires_payment_method",
        None,
        0,
    )
    assert intent.last_payment_error is not None
    assert intent.last_payment_error.code == code
    assert charge_of(intent).status == "failed"
    assert charge_of(intent).id == error.charge
    assert sim.event_types() == ["payment_intent.created", "charge.failed", "payment_intent.payment_failed"]


def test_after_a_refusal_another_card_pays(api: stripe.V1Services) -> None:
    intent = api.payment_intents.create(order(None))
    with pytest.raises(stripe.CardError):
        api.payment_intents.confirm(intent.id, {"payment_method": "pm_card_chargeDeclined"})
    paid = api.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})
    assert (paid.status, paid.last_payment_error) == ("requires_capture", None)


def test_a_refused_card_cannot_be_saved(api: stripe.V1Services) -> None:
    customer = api.customers.create()
    with pytest.raises(stripe.CardError):
        api.payment_methods.attach("pm_card_chargeDeclined", {"customer": customer.id})
    saved = api.payment_methods.attach("pm_card_chargeCustomerFail", {"customer": customer.id})
    with pytest.raises(stripe.CardError):
        api.payment_intents.create(order(saved.id, customer=customer.id))


def test_an_unknown_card_is_no_card(api: stripe.V1Services) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        api.payment_intents.create(order("pm_card_gold"))
    assert (refusal.value.code, refusal.value.param, refusal.value.http_status) == (
        "resource_missing",
        "payment_method",
        400,
    )


def test_a_card_that_needs_its_owner_waits_for_them(sim: SimulatedStripe, api: stripe.V1Services) -> None:
    intent = api.payment_intents.create(order("pm_card_authenticationRequired"))
    assert (intent.status, intent.amount_capturable) == ("requires_action", 0)
    assert intent.next_action is not None
    assert intent.next_action.type == "use_stripe_sdk"
    assert sim.event_types() == ["payment_intent.created", "payment_intent.requires_action"]
    sim.authenticate(intent.id)
    assert api.payment_intents.retrieve(intent.id).status == "requires_capture"
    assert sim.event_types() == ["charge.succeeded", "payment_intent.amount_capturable_updated"]


def test_a_failed_authentication_asks_for_another_card(sim: SimulatedStripe, api: stripe.V1Services) -> None:
    intent = api.payment_intents.create(
        order("pm_card_threeDSecure2Required", return_url="https://callsheet.test/back")
    )
    assert intent.next_action is not None
    assert intent.next_action.redirect_to_url is not None
    sim.authenticate(intent.id, "failure")
    failed = api.payment_intents.retrieve(intent.id)
    assert failed.status == "requires_payment_method"
    assert failed.last_payment_error is not None
    assert failed.last_payment_error.code == "payment_intent_authentication_failure"
    assert failed.latest_charge is None


def test_authentication_does_not_help_an_empty_account(sim: SimulatedStripe, api: stripe.V1Services) -> None:
    card = "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds"
    intent = api.payment_intents.create(order(card))
    sim.authenticate(intent.id)
    failed = api.payment_intents.retrieve(intent.id)
    assert failed.last_payment_error is not None
    assert failed.last_payment_error.decline_code == "insufficient_funds"


@pytest.mark.parametrize("off_session", [True, "one_off", "recurring"])
def test_nobody_is_there_to_authenticate_off_session(off_session: bool | str, api: stripe.V1Services) -> None:
    with pytest.raises(stripe.CardError) as refusal:
        api.payment_intents.create(order("pm_card_authenticationRequired", off_session=off_session))
    assert refusal.value.code == "authentication_required"
    assert refusal.value.error is not None
    assert refusal.value.error.payment_intent is not None
    assert refusal.value.error.payment_intent.status == "requires_payment_method"


def test_a_saved_card_may_decline_off_session(api: stripe.V1Services) -> None:
    customer = api.customers.create()
    saved = api.payment_methods.attach("pm_card_chargeCustomerFail", {"customer": customer.id})
    with pytest.raises(stripe.CardError) as refusal:
        api.payment_intents.create(order(saved.id, customer=customer.id, off_session=True))
    assert refusal.value.code == "card_declined"
    with pytest.raises(stripe.InvalidRequestError) as unconfirmed:
        api.payment_intents.create(order(saved.id, customer=customer.id, off_session=True, confirm=False))
    assert unconfirmed.value.param == "off_session"


def test_a_card_that_paid_once_pays_later_off_session(sim: SimulatedStripe, api: stripe.V1Services) -> None:
    customer = api.customers.create()
    wanted = order(
        "pm_card_authenticationRequiredOnSetup", customer=customer.id, setup_future_usage="off_session"
    )
    first = api.payment_intents.create(wanted)
    assert first.status == "requires_action"
    sim.authenticate(first.id)
    paid = api.payment_intents.retrieve(first.id)
    assert authorized(api, str(paid.payment_method), customer=customer.id, off_session=True)


def test_a_card_set_up_once_pays_off_session(sim: SimulatedStripe, api: stripe.V1Services) -> None:
    customer = api.customers.create()
    setup = api.setup_intents.create(
        {"customer": customer.id, "payment_method": "pm_card_authenticationRequiredOnSetup", "confirm": True}
    )
    assert setup.status == "requires_action"
    sim.control("POST", f"/_sim/setup_intents/{setup.id}/authenticate", {"outcome": "success"})
    setup = api.setup_intents.retrieve(setup.id)
    assert setup.status == "succeeded"
    assert authorized(api, str(setup.payment_method), customer=customer.id, off_session=True)


def test_a_setup_that_fails_says_why(sim: SimulatedStripe, api: stripe.V1Services) -> None:
    with pytest.raises(stripe.CardError):
        api.setup_intents.create({"payment_method": "pm_card_chargeDeclined", "confirm": True})
    setup = api.setup_intents.create({"payment_method": "pm_card_authenticationRequired", "confirm": True})
    sim.control("POST", f"/_sim/setup_intents/{setup.id}/authenticate", {"outcome": "failure"})
    failed = api.setup_intents.retrieve(setup.id)
    assert failed.last_setup_error is not None
    assert failed.last_setup_error.code == "setup_intent_authentication_failure"
    assert api.setup_intents.confirm(failed.id, {"payment_method": "pm_card_visa"}).status == "succeeded"


def test_some_cards_are_disputed_once_their_money_is_taken(api: stripe.V1Services) -> None:
    intent = authorized(api, "pm_card_createDispute")
    assert api.disputes.list().data == []
    api.payment_intents.capture(intent.id)
    (dispute,) = api.disputes.list({"payment_intent": intent.id}).data
    assert (dispute.reason, dispute.status) == ("fraudulent", "needs_response")


def test_an_inquiry_takes_no_money(api: stripe.V1Services) -> None:
    captured(api, "pm_card_createDisputeInquiry")
    (dispute,) = api.disputes.list().data
    assert (dispute.status, dispute.balance_transactions) == ("warning_needs_response", [])
