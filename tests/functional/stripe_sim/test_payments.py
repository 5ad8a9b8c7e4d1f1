"""Payment intents from authorisation to captured, voided or expired money."""

import pytest
import stripe

from tests.functional.stripe_sim.conftest import MovingClock
from tests.functional.stripe_sim.payments import authorized, captured, charge_of, order
from tests.support.stripe import SimulatedStripe


def test_a_good_card_is_authorised_for_seven_days(clock: MovingClock, api: stripe.V1Services) -> None:
    intent = authorized(api, metadata={"subject": "bkg_1"}, transfer_group="bkg_1")
    charge = charge_of(intent)
    assert (intent.amount, intent.amount_capturable, intent.amount_received) == (10_000, 10_000, 0)
    assert intent.client_secret is not None
    assert intent.client_secret.startswith(f"{intent.id}_secret_")
    assert not intent.livemode
    assert (charge.captured, charge.paid, charge.transfer_group) == (False, True, "bkg_1")
    assert charge.balance_transaction is None
    assert charge.payment_method_details is not None
    assert charge.payment_method_details.card is not None
    assert charge.payment_method_details.card["capture_before"] == clock().timestamp() + 7 * 24 * 3600


def test_an_intent_without_a_card_waits_for_one(api: stripe.V1Services) -> None:
    intent = api.payment_intents.create(order(None))
    assert intent.status == "requires_payment_method"
    intent = api.payment_intents.update(intent.id, {"payment_method": "pm_card_mastercard"})
    assert intent.status == "requires_confirmation"
    assert api.payment_intents.confirm(intent.id).status == "requires_capture"


def test_capture_takes_the_money_less_stripes_fee(api: stripe.V1Services) -> None:
    intent = captured(api)
    transaction = charge_of(intent).balance_transaction
    assert isinstance(transaction, stripe.BalanceTransaction)
    assert (intent.status, intent.amount_capturable, intent.amount_received) == ("succeeded", 0, 10_000)
    assert (transaction.amount, transaction.fee, transaction.net) == (10_000, 320, 9_680)
    assert transaction.status == "pending"


def test_a_part_can_be_captured_and_the_rest_is_released(api: stripe.V1Services) -> None:
    intent = authorized(api)
    done = api.payment_intents.capture(intent.id, {"expand": ["latest_charge"], "amount_to_capture": 4_000})
    assert (done.status, done.amount_received) == ("succeeded", 4_000)
    assert charge_of(done).amount_captured == 4_000


def test_more_than_is_authorised_cannot_be_captured(api: stripe.V1Services) -> None:
    intent = authorized(api)
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        api.payment_intents.capture(intent.id, {"amount_to_capture": 10_001})
    assert (refusal.value.code, refusal.value.param) == ("amount_too_large", "amount_to_capture")
    assert api.payment_intents.retrieve(intent.id).status == "requires_capture"


def test_nothing_is_captured_twice(api: stripe.V1Services) -> None:
    intent = captured(api)
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        api.payment_intents.capture(intent.id)
    assert refusal.value.code == "payment_intent_unexpected_state"
    assert refusal.value.error is not None
    assert refusal.value.error["payment_intent"]["status"] == "succeeded"


def test_a_cancelled_intent_gives_the_authorisation_back(api: stripe.V1Services) -> None:
    intent = api.payment_intents.cancel(
        authorized(api).id, {"cancellation_reason": "requested_by_customer", "expand": ["latest_charge"]}
    )
    assert (intent.status, intent.cancellation_reason, intent.amount_capturable) == (
        "canceled",
        "requested_by_customer",
        0,
    )
    assert charge_of(intent).refunded
    assert not charge_of(intent).captured
    with pytest.raises(stripe.InvalidRequestError, match="has a status of canceled"):
        api.payment_intents.capture(intent.id)


def test_captured_money_cannot_be_cancelled(api: stripe.V1Services) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        api.payment_intents.cancel(captured(api).id)
    assert refusal.value.code == "payment_intent_unexpected_state"


def test_an_authorisation_ends_by_itself(
    sim: SimulatedStripe, clock: MovingClock, api: stripe.V1Services
) -> None:
    intent = authorized(api)
    clock.advance(days=7, seconds=-1)
    assert api.payment_intents.retrieve(intent.id).status == "requires_capture"
    sim.event_types()
    clock.advance(seconds=1)
    expired = api.payment_intents.retrieve(intent.id)
    assert (expired.status, expired.cancellation_reason) == ("canceled", "automatic")
    assert sim.event_types() == ["charge.expired", "payment_intent.canceled"]


def test_automatic_capture_succeeds_at_once(sim: SimulatedStripe, api: stripe.V1Services) -> None:
    intent = api.payment_intents.create(order(capture_method="automatic"))
    assert (intent.status, intent.amount_received) == ("succeeded", 10_000)
    assert sim.event_types() == ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded"]


def test_an_intent_that_may_redirect_wants_a_way_back(api: stripe.V1Services) -> None:
    params = order()
    del params["allowed_payment_method_types"]
    with pytest.raises(stripe.InvalidRequestError, match="return_url"):
        api.payment_intents.create(params)
    params["return_url"] = "https://callsheet.test/back"
    assert api.payment_intents.create(params).status == "requires_capture"


def test_metadata_is_merged_and_empty_values_unset(api: stripe.V1Services) -> None:
    intent = api.payment_intents.create(order(None, metadata={"a": "1", "b": "2"}))
    changed = api.payment_intents.update(intent.id, {"metadata": {"b": "", "c": "3"}})
    assert changed.metadata.to_dict() == {"a": "1", "c": "3"}
    assert api.payment_intents.update(intent.id, {"metadata": ""}).metadata.to_dict() == {}


@pytest.mark.parametrize(
    ("amount", "currency", "code"),
    [
        (49, "usd", "amount_too_small"),
        (29, "gbp", "amount_too_small"),
        (0, "usd", "parameter_invalid_integer"),
        (-5, "usd", "parameter_invalid_integer"),
        (100_000_000, "usd", "amount_too_large"),
        (100, "USD", None),
        (100, "xxx", None),
        (1_001, "kwd", None),
    ],
)
def test_amounts_that_cannot_be_charged(
    amount: int, currency: str, code: str | None, api: stripe.V1Services
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        api.payment_intents.create(order(amount=amount, currency=currency))
    assert refusal.value.code == code
    assert api.payment_intents.list().data == []


def test_an_intent_of_a_customer_takes_only_that_customers_cards(api: stripe.V1Services) -> None:
    mine, other = api.customers.create(), api.customers.create()
    saved = api.payment_methods.attach("pm_card_visa", {"customer": mine.id})
    assert authorized(api, saved.id, customer=mine.id).customer == mine.id
    for customer in (None, other.id):
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            api.payment_intents.create(order(saved.id, **({"customer": customer} if customer else {})))
        assert refusal.value.param == "payment_method"


def test_a_card_that_was_not_saved_pays_once(api: stripe.V1Services) -> None:
    used = authorized(api).payment_method
    with pytest.raises(stripe.InvalidRequestError, match="may not be used again"):
        api.payment_intents.create(order(str(used)))


def test_a_card_saved_with_the_payment_pays_again(api: stripe.V1Services) -> None:
    customer = api.customers.create()
    first = authorized(api, customer=customer.id, setup_future_usage="off_session")
    assert [card.id for card in api.customers.payment_methods.list(customer.id).data] == [
        first.payment_method
    ]
    again = authorized(api, str(first.payment_method), customer=customer.id, off_session=True)
    assert again.payment_method == first.payment_method
