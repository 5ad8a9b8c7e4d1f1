"""Charges as payment intents make them: authorised, captured, failed, released."""

from collections.abc import Mapping

from local.stripe_sim.cards import Card, Decline
from local.stripe_sim.ledger import PENDING_SECONDS, book, charge_fee
from local.stripe_sim.shapes import Obj, inner_of, text_of, whole_of
from local.stripe_sim.world import World, new_id

# Stripe, "Place a hold on a payment method": card-not-present authorisations of online payments.
AUTHORISATION_SECONDS = 7 * 24 * 3600
# What a charge has no value for at first, or here never.
ABSENT = (
    "application",
    "application_fee",
    "application_fee_amount",
    "balance_transaction",
    "failure_balance_transaction",
    "on_behalf_of",
    "receipt_number",
    "review",
    "source",
    "source_transfer",
    "statement_descriptor",
    "transfer_data",
)


def charge(
    world: World, intent: Obj, method: Obj, card: Card, *, decline: Decline | None, is_3ds: bool
) -> Obj:
    """The charge that one attempt made, not yet captured; kept, and told of by whoever asked for it."""
    charge_id = new_id("py" if method["type"] != "card" else "ch")
    return world.keep(
        {
            "id": charge_id,
            "object": "charge",
            **dict.fromkeys(ABSENT),
            "amount": intent["amount"],
            "amount_captured": 0,
            "amount_refunded": 0,
            "billing_details": method["billing_details"],
            "calculated_statement_descriptor": "CALLSHEET",
            "captured": False,
            "created": world.timestamp(),
            "currency": intent["currency"],
            "customer": intent["customer"],
            "description": intent["description"],
            "disputed": False,
            "failure_code": None if decline is None else decline.code,
            "failure_message": None if decline is None else decline.message,
            "fraud_details": {},
            "livemode": False,
            "metadata": dict(inner_of(intent, "metadata")),
            "outcome": _outcome(card, decline),
            "paid": decline is None,
            "payment_intent": intent["id"],
            "payment_method": method["id"],
            "payment_method_details": {
                "card": _card_details(world, intent, method, is_authorised=decline is None, is_3ds=is_3ds),
                "type": "card",
            },
            "radar_options": {},
            "receipt_email": intent["receipt_email"],
            "receipt_url": f"https://pay.stripe.com/receipts/payment/{charge_id}",
            "refunded": False,
            "shipping": intent["shipping"],
            "statement_descriptor_suffix": intent["statement_descriptor_suffix"],
            "status": "succeeded" if decline is None else "failed",
            "transfer_group": intent["transfer_group"],
        }
    )


def take(world: World, taken: Obj, amount: int) -> None:
    """Capture `amount` of an authorised charge; the rest is released."""
    card = world.cards[text_of(taken, "payment_method")]
    transaction = book(
        world,
        "charge",
        text_of(taken, "id"),
        amount,
        text_of(taken, "currency"),
        fee=charge_fee(amount),
        description=None if taken["description"] is None else text_of(taken, "description"),
        available_on=None if card.is_available_at_once else world.timestamp() + PENDING_SECONDS,
    )
    taken.update(captured=True, amount_captured=amount, balance_transaction=transaction)
    inner_of(inner_of(taken, "payment_method_details"), "card").pop("capture_before", None)


def release(taken: Obj) -> None:
    """Give an authorisation back. The charge reads as refunded, as Stripe shows it."""
    taken.update(amount_refunded=whole_of(taken, "amount"), refunded=True)


def capture_before(taken: Obj) -> int:
    """When an authorisation ends."""
    return whole_of(inner_of(inner_of(taken, "payment_method_details"), "card"), "capture_before")


def _outcome(card: Card, decline: Decline | None) -> Obj:
    outcome: Obj = {
        "advice_code": None,
        "network_advice_code": None,
        "network_decline_code": None,
        "network_status": "approved_by_network",
        "reason": None,
        "risk_level": card.risk_level,
        "risk_score": {"normal": 20, "elevated": 65, "highest": 90}[card.risk_level],
        "seller_message": "Payment complete.",
        "type": "authorized",
    }
    if decline is None:
        return outcome
    refused: Mapping[str, str] = (
        {
            "network_status": "not_sent_to_network",
            "reason": "highest_risk_level",
            "seller_message": "Stripe blocked this payment as too risky.",
            "type": "blocked",
        }
        if decline.is_blocked
        else {
            "network_status": "declined_by_network",
            "reason": decline.decline_code or decline.code,
            "seller_message": "The bank did not return any further details with this decline.",
            "type": "issuer_declined",
        }
    )
    return outcome | dict(refused)


def _card_details(world: World, intent: Obj, method: Obj, *, is_authorised: bool, is_3ds: bool) -> Obj:
    card = inner_of(method, "card")
    details: Obj = {
        "amount_authorized": intent["amount"] if is_authorised else None,
        "authorization_code": new_id("x")[-6:].upper() if is_authorised else None,
        "brand": card["brand"],
        "checks": card["checks"],
        "country": card["country"],
        "exp_month": card["exp_month"],
        "exp_year": card["exp_year"],
        "extended_authorization": {"status": "disabled"},
        "fingerprint": card["fingerprint"],
        "funding": card["funding"],
        "incremental_authorization": {"status": "unavailable"},
        "installments": None,
        "last4": card["last4"],
        "mandate": None,
        "multicapture": {"status": "unavailable"},
        "network": card["brand"],
        "network_token": {"used": False},
        "network_transaction_id": new_id("x")[-15:],
        "overcapture": {"maximum_amount_capturable": intent["amount"], "status": "unavailable"},
        "regulated_status": card["regulated_status"],
        "three_d_secure": _three_d_secure() if is_3ds else None,
        "transaction_link_id": None,
        "wallet": None,
    }
    if is_authorised and intent["capture_method"] == "manual":
        details["capture_before"] = world.timestamp() + AUTHORISATION_SECONDS
    return details


def _three_d_secure() -> Obj:
    return {
        "authentication_flow": "challenge",
        "electronic_commerce_indicator": "05",
        "exemption_indicator": None,
        "result": "authenticated",
        "result_reason": None,
        "transaction_id": new_id("x")[-20:],
        "version": "2.2.0",
    }
