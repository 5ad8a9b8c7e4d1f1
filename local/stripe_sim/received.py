"""What a connected account sees of a transfer: a payment that came in, and refunds of it when money is taken back."""

from local.stripe_sim.charging import ABSENT
from local.stripe_sim.ledger import book
from local.stripe_sim.shapes import Obj, text_of, whole_of
from local.stripe_sim.world import World, new_id


def receive(world: World, transfer_id: str, amount: int, currency: str, available_on: int) -> str:
    """The money arrives at the account of this world. Answers the payment's id."""
    payment_id = new_id("py")
    transaction = book(world, "payment", payment_id, amount, currency, available_on=available_on)
    payment: Obj = {
        "id": payment_id,
        "object": "charge",
        **dict.fromkeys(ABSENT),
        "amount": amount,
        "amount_captured": amount,
        "amount_refunded": 0,
        "balance_transaction": transaction,
        "billing_details": {
            "address": dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state")),
            **dict.fromkeys(("email", "name", "phone", "tax_id")),
        },
        "calculated_statement_descriptor": None,
        "captured": True,
        "created": world.timestamp(),
        "currency": currency,
        "customer": None,
        "description": None,
        "disputed": False,
        "failure_code": None,
        "failure_message": None,
        "fraud_details": {},
        "livemode": False,
        "metadata": {},
        "outcome": None,
        "paid": True,
        "payment_intent": None,
        "payment_method": None,
        "payment_method_details": None,
        "receipt_email": None,
        "receipt_url": None,
        "refunded": False,
        "shipping": None,
        "source_transfer": transfer_id,
        "statement_descriptor_suffix": None,
        "status": "succeeded",
        "transfer_group": None,
    }
    world.keep(payment)
    return payment_id


def give_back(world: World, payment_id: str, amount: int) -> str:
    """The platform takes some of it back. Answers the refund's id."""
    payment = world.find("charge", payment_id)
    paid = world.find("balance_transaction", text_of(payment, "balance_transaction"))
    refund_id, currency = new_id("pyr"), text_of(payment, "currency")
    transaction = book(
        world, "payment_refund", refund_id, -amount, currency, available_on=whole_of(paid, "available_on")
    )
    refunded = whole_of(payment, "amount_refunded") + amount
    payment.update(amount_refunded=refunded, refunded=refunded == payment["amount"])
    refund: Obj = {
        "id": refund_id,
        "object": "refund",
        "amount": amount,
        "balance_transaction": transaction,
        "charge": payment_id,
        "created": world.timestamp(),
        "currency": currency,
        "customer": None,
        "customer_account": None,
        "metadata": {},
        "payment_intent": None,
        "payment_method": None,
        "reason": None,
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "succeeded",
        "transfer_reversal": None,
    }
    world.keep(refund)
    return refund_id
