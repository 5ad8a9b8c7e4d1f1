"""One attempt to pay: authentication, the bank's answer, and what becomes of the intent."""

from local.stripe_sim.cards import Authentication, Card, Decline
from local.stripe_sim.charging import charge, take
from local.stripe_sim.disputing import open_dispute
from local.stripe_sim.errors import Refusal
from local.stripe_sim.payment_methods import attach, card_of
from local.stripe_sim.shapes import Obj, Params, text_of, whole_of
from local.stripe_sim.states import payment_error
from local.stripe_sim.world import World, new_id

_AUTHENTICATION_FAILED = Decline(
    "payment_intent_authentication_failure",
    "The provided PaymentMethod has failed authentication. You can provide payment_method_data or a new "
    "PaymentMethod to attempt to fulfill this PaymentIntent again.",
)
_AUTHENTICATION_REQUIRED = Decline(
    "authentication_required",
    "Your card was declined. This transaction requires authentication.",
    "authentication_required",
)


def pay(world: World, intent: Obj, method: Obj, params: Params) -> Obj:
    """Confirm with a payment method. Raises Refusal (402) with the intent where the bank declines."""
    card = card_of(world, method)
    intent.update(payment_method=method["id"], last_payment_error=None, next_action=None)
    if _wants_authentication(world, card, method, params):
        if _is_off_session(params) or params.flag("error_on_requires_action"):
            raise _declined(world, intent, method, card, _AUTHENTICATION_REQUIRED)
        return _ask_to_authenticate(world, intent, params)
    return _charge(world, intent, method, card, is_3ds=False)


def authenticated(world: World, intent: Obj, *, has_passed: bool) -> Obj:
    """The customer has finished 3D Secure. A decline is the intent's new state, not an error: nobody asked."""
    method = world.find("payment_method", text_of(intent, "payment_method"))
    card = card_of(world, method)
    intent["next_action"] = None
    try:
        if not has_passed:
            raise _declined(world, intent, method, card, _AUTHENTICATION_FAILED, has_charge=False)
        return _charge(world, intent, method, card, is_3ds=True)
    except Refusal as refusal:
        if refusal.status != 402:
            raise
        return intent


def _wants_authentication(world: World, card: Card, method: Obj, params: Params) -> bool:
    options = params.inner("payment_method_options").inner("card")
    if options.maybe_text("request_three_d_secure") in {"any", "challenge"}:
        return True
    is_off_session = _is_off_session(params)
    match card.authentication:
        case Authentication.NEVER:
            return False
        case Authentication.ALWAYS:
            return True
        case Authentication.UNLESS_SET_UP:
            return not (is_off_session and method["id"] in world.set_up)
        case Authentication.ON_SESSION_ONLY:
            return not is_off_session


def _is_off_session(params: Params) -> bool:
    """`true`, or what kind of payment it is."""
    return params.flag("off_session") or params.values.get("off_session") in {"one_off", "recurring"}


def _ask_to_authenticate(world: World, intent: Obj, params: Params) -> Obj:
    url = f"https://hooks.stripe.com/3d_secure_2/hosted?payment_intent={intent['id']}"
    back = params.maybe_text("return_url")
    action: Obj = (
        {
            "type": "use_stripe_sdk",
            "use_stripe_sdk": {
                "type": "three_d_secure_redirect",
                "stripe_js": url,
                "source": new_id("src"),
            },
        }
        if back is None
        else {"type": "redirect_to_url", "redirect_to_url": {"return_url": back, "url": url}}
    )
    intent.update(status="requires_action", next_action=action)
    world.emit("payment_intent.requires_action", intent, None)
    return intent


def _charge(world: World, intent: Obj, method: Obj, card: Card, *, is_3ds: bool) -> Obj:
    if card.decline is not None:
        raise _declined(world, intent, method, card, card.decline)
    made = charge(world, intent, method, card, decline=None, is_3ds=is_3ds)
    intent.update(latest_charge=made["id"], next_action=None)
    if intent["setup_future_usage"] is not None and intent["customer"] is not None:
        attach(world, method, text_of(intent, "customer"))
        world.set_up.add(text_of(method, "id"))
    if method["customer"] is None:
        world.used.add(text_of(method, "id"))
    if intent["capture_method"] == "manual":
        intent.update(status="requires_capture", amount_capturable=intent["amount"])
        world.emit("charge.succeeded", made, None)
        world.emit("payment_intent.amount_capturable_updated", intent, None)
    else:
        take(world, made, whole_of(intent, "amount"))
        intent.update(status="succeeded", amount_received=intent["amount"])
        world.emit("charge.succeeded", made, None)
        world.emit("payment_intent.succeeded", intent, None)
        dispute_if_so_carded(world, made, card)
    return intent


def dispute_if_so_carded(world: World, made: Obj, card: Card) -> None:
    """Some test cards are disputed as soon as their money is taken."""
    if card.dispute_reason is not None:
        open_dispute(world, made, card.dispute_reason, is_inquiry=card.is_inquiry)


def _declined(
    world: World, intent: Obj, method: Obj, card: Card, decline: Decline, *, has_charge: bool = True
) -> Refusal:
    """Record a failed attempt; the refusal is the caller's to raise."""
    made = charge(world, intent, method, card, decline=decline, is_3ds=False) if has_charge else None
    error = payment_error(decline, method, None if made is None else text_of(made, "id"))
    intent.update(
        status="requires_payment_method",
        payment_method=None,
        next_action=None,
        last_payment_error=error,
        latest_charge=intent["latest_charge"] if made is None else made["id"],
    )
    if made is not None:
        world.emit("charge.failed", made, None)
    world.emit("payment_intent.payment_failed", intent, None)
    return Refusal(
        decline.message,
        status=402,
        kind="card_error",
        code=decline.code,
        extra={
            key: value for key, value in error.items() if key not in {"code", "message", "type", "doc_url"}
        }
        | {"payment_intent": dict(intent)},
    )
