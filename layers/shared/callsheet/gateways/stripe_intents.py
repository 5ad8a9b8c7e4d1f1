"""Stripe's objects as the port's: what of a PaymentIntent and its charge Callsheet looks at."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from callsheet.gateways.declines import DeclineReason, decline_reason, refund_failure
from callsheet.gateways.payments import Intent, IntentStatus, RefundReceipt
from callsheet.gateways.stripe_amounts import from_stripe
from callsheet.kernel.money import Money

if TYPE_CHECKING:
    import stripe

# What of a refund has not reached the client, and is on our balance again.
_IN_VAIN = frozenset({"failed", "canceled"})


def intent_from(found: "stripe.PaymentIntent") -> Intent:
    """A PaymentIntent; what its charge says is there only where `latest_charge` was expanded."""
    charge = found.latest_charge
    intent = Intent(
        id=found.id,
        status=IntentStatus(found.status),
        amount=from_stripe(found.amount, found.currency),
        client_secret=found.client_secret,
        decline_reason=_declined_for(found),
        subject=found.metadata.to_dict().get("subject"),
        payment_method=_id_of(found.payment_method),
    )
    if charge is None or isinstance(charge, str):
        return replace(intent, charge_id=charge)
    return replace(
        intent,
        charge_id=charge.id,
        capture_before=_capture_before(charge),
        fee=_fee(charge),
        refunded_minor=from_stripe(charge.amount_refunded, charge.currency).amount_minor,
        is_disputed=charge.disputed,
    )


def receipt_from(refund: "stripe.Refund") -> RefundReceipt:
    """A refund. Stripe's type lets `status` be absent; a refund of ours always has one."""
    status = refund.status or "pending"
    return RefundReceipt(
        id=refund.id,
        amount=from_stripe(refund.amount, refund.currency),
        status=status,
        # Stripe leaves out what a refund does not have, and the SDK answers AttributeError for it.
        failure=refund_failure(getattr(refund, "failure_reason", None)) if status in _IN_VAIN else None,
    )


def _id_of(found: "str | stripe.PaymentMethod | None") -> str | None:
    return found if found is None or isinstance(found, str) else found.id


def _declined_for(found: "stripe.PaymentIntent") -> DeclineReason | None:
    error = found.last_payment_error
    if error is None:
        return None
    # Stripe leaves out what an error does not have, and the SDK answers AttributeError for it.
    return decline_reason(getattr(error, "code", None), getattr(error, "decline_code", None))


def _capture_before(charge: "stripe.Charge") -> datetime | None:
    card = getattr(charge.payment_method_details, "card", None)
    moment = getattr(card, "capture_before", None)
    return None if moment is None else datetime.fromtimestamp(moment, UTC)


def _fee(charge: "stripe.Charge") -> Money | None:
    booked = charge.balance_transaction
    if booked is None or isinstance(booked, str):
        return None
    return from_stripe(booked.fee, booked.currency)
