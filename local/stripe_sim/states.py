"""What an intent of either kind refuses because of its state, and what it remembers of a failed attempt."""

from local.stripe_sim.cards import Decline
from local.stripe_sim.errors import Refusal
from local.stripe_sim.shapes import Obj


def require_status(intent: Obj, verb: str, allowed: tuple[str, ...]) -> None:
    """Raises Refusal `payment_intent_unexpected_state` (or the setup intent's) with the intent as it stands."""
    if intent["status"] in allowed:
        return
    kind = str(intent["object"])
    title = "PaymentIntent" if kind == "payment_intent" else "SetupIntent"
    raise Refusal(
        f"This {title} could not be {verb} because it has a status of {intent['status']}. Only a {title} with one of "
        f"the following statuses may be {verb}: {', '.join(allowed)}.",
        code=f"{kind}_unexpected_state",
        extra={kind: dict(intent)},
    )


def payment_error(decline: Decline, method: Obj, charge_id: str | None) -> Obj:
    """`last_payment_error` or `last_setup_error`."""
    error: Obj = {
        "code": decline.code,
        "doc_url": "https://docs.stripe.com/error-codes/" + decline.code.replace("_", "-"),
        "message": decline.message,
        "payment_method": dict(method),
        "type": "card_error",
    }
    if decline.decline_code is not None:
        error["decline_code"] = decline.decline_code
    if charge_id is not None:
        error["charge"] = charge_id
    return error
