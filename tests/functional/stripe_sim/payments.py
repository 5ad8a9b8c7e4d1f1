"""Payments as the tests make them."""

import stripe
from stripe.params import PaymentIntentCreateParams


def order(payment_method: str | None = "pm_card_visa", **more: object) -> PaymentIntentCreateParams:
    """100.00 dollars, to be captured later, confirmed at once where there is a payment method."""
    params: PaymentIntentCreateParams = {
        "amount": 10_000,
        "currency": "usd",
        "capture_method": "manual",
        "allowed_payment_method_types": ["card"],
        "expand": ["latest_charge"],
    }
    if payment_method is not None:
        params |= {"payment_method": payment_method, "confirm": True}
    params |= more  # type: ignore[typeddict-item]  # tests also send what is wrong
    return params


def authorized(
    api: stripe.V1Services, payment_method: str = "pm_card_visa", **more: object
) -> stripe.PaymentIntent:
    intent = api.payment_intents.create(order(payment_method, **more))
    assert intent.status == "requires_capture"
    return intent


def captured(
    api: stripe.V1Services, payment_method: str = "pm_card_visa", **more: object
) -> stripe.PaymentIntent:
    intent = authorized(api, payment_method, **more)
    return api.payment_intents.capture(intent.id, {"expand": ["latest_charge.balance_transaction"]})


def charge_of(intent: stripe.PaymentIntent) -> stripe.Charge:
    assert isinstance(intent.latest_charge, stripe.Charge)
    return intent.latest_charge
