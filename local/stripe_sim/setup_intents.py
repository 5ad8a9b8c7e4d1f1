"""Setup intents: a card is verified and saved for later, without money."""

from stripe.params import (
    SetupIntentCancelParams,
    SetupIntentConfirmParams,
    SetupIntentCreateParams,
    SetupIntentListParams,
    SetupIntentRetrieveParams,
)

from local.stripe_sim.cards import Authentication, Decline
from local.stripe_sim.customers import live_customer
from local.stripe_sim.errors import Refusal
from local.stripe_sim.listing import list_of
from local.stripe_sim.payment_methods import attach, card_of, chosen_method
from local.stripe_sim.routing import PAGING, Call, Routes, get, post
from local.stripe_sim.shapes import Json, Obj, Params, maybe_text_of, text_of
from local.stripe_sim.states import payment_error, require_status
from local.stripe_sim.world import World, created_metadata, new_id, new_secret

_UNFINISHED = ("requires_payment_method", "requires_confirmation", "requires_action")
_FAILED = Decline(
    "setup_intent_authentication_failure", "The provided PaymentMethod has failed authentication."
)


def _create(call: Call) -> Obj:
    world, params = call.world, call.params
    customer, method = params.maybe_text("customer"), params.maybe_text("payment_method")
    if customer is not None:
        live_customer(world, customer, "customer")
    chosen = None if method is None else chosen_method(world, method)
    intent_id = new_id("seti")
    allowed: Json = params.values.get("allowed_payment_method_types")
    intent: Obj = {
        "id": intent_id,
        "object": "setup_intent",
        "allowed_payment_method_types": allowed,
        "application": None,
        "automatic_payment_methods": params.values.get("automatic_payment_methods"),
        "cancellation_reason": None,
        "client_secret": new_secret(intent_id),
        "created": world.timestamp(),
        "customer": customer,
        "customer_account": None,
        "description": params.maybe_text("description"),
        "excluded_payment_method_types": None,
        "flow_directions": None,
        "last_setup_error": None,
        "latest_attempt": None,
        "livemode": False,
        "mandate": None,
        "metadata": created_metadata(params),
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": None if chosen is None else chosen["id"],
        "payment_method_configuration_details": None,
        "payment_method_options": None,
        "payment_method_types": ["card"],
        "single_use_mandate": None,
        "status": "requires_payment_method" if chosen is None else "requires_confirmation",
        "usage": params.maybe_text("usage") or "off_session",
    }
    world.emit("setup_intent.created", world.keep(intent), None)
    return _attempt(world, intent, params) if params.flag("confirm") else intent


def _confirm(call: Call) -> Obj:
    intent = call.world.find("setup_intent", call.id)
    require_status(intent, "confirmed", _UNFINISHED)
    given = call.params.maybe_text("payment_method")
    if given is not None:
        intent["payment_method"] = chosen_method(call.world, given)["id"]
    return _attempt(call.world, intent, call.params)


def _attempt(world: World, intent: Obj, params: Params) -> Obj:
    if intent["payment_method"] is None:
        raise Refusal(
            "You cannot confirm this SetupIntent because it's missing a payment method.",
            code="setup_intent_unexpected_state",
        )
    method = world.find("payment_method", text_of(intent, "payment_method"))
    card = card_of(world, method)
    if card.decline is not None and not card.is_attachable:
        raise _failed(world, intent, card.decline)
    if card.authentication is not Authentication.NEVER:
        action: Obj = {"type": "use_stripe_sdk", "use_stripe_sdk": {"type": "three_d_secure_redirect"}}
        back = params.maybe_text("return_url")
        if back is not None:
            url = f"https://hooks.stripe.com/3d_secure_2/hosted?setup_intent={intent['id']}"
            action = {"type": "redirect_to_url", "redirect_to_url": {"return_url": back, "url": url}}
        intent.update(status="requires_action", next_action=action)
        world.emit("setup_intent.requires_action", intent, None)
        return intent
    return _succeeded(world, intent)


def authenticated_setup(world: World, intent: Obj, *, has_passed: bool) -> Obj:
    """The customer has finished 3D Secure."""
    if has_passed:
        return _succeeded(world, intent)
    _failed(world, intent, _FAILED)
    return intent


def _succeeded(world: World, intent: Obj) -> Obj:
    method_id, customer = text_of(intent, "payment_method"), maybe_text_of(intent, "customer")
    if customer is not None:
        attach(world, world.find("payment_method", method_id), customer)
    world.set_up.add(method_id)
    intent.update(status="succeeded", next_action=None, last_setup_error=None)
    world.emit("setup_intent.succeeded", intent, None)
    return intent


def _failed(world: World, intent: Obj, decline: Decline) -> Refusal:
    method = world.find("payment_method", text_of(intent, "payment_method"))
    error = payment_error(decline, method, None)
    intent.update(
        status="requires_payment_method", payment_method=None, next_action=None, last_setup_error=error
    )
    world.emit("setup_intent.setup_failed", intent, None)
    return Refusal(
        decline.message,
        status=402,
        kind="card_error",
        code=decline.code,
        extra={"decline_code": decline.decline_code, "setup_intent": dict(intent)},
    )


def _retrieve(call: Call) -> Obj:
    return call.world.find("setup_intent", call.id)


def _cancel(call: Call) -> Obj:
    intent = call.world.find("setup_intent", call.id)
    require_status(intent, "canceled", _UNFINISHED)
    reason = call.params.maybe_text("cancellation_reason")
    intent.update(status="canceled", cancellation_reason=reason, next_action=None)
    call.world.emit("setup_intent.canceled", intent, None)
    return intent


def _list(call: Call) -> Obj:
    kept = call.world.kept("setup_intent").values()
    return list_of(kept, call.params, "/v1/setup_intents", "customer payment_method")


_DOES = (
    "allowed_payment_method_types automatic_payment_methods confirm customer description metadata payment_method "
    "return_url usage"
)

ROUTES: Routes = (
    post("/v1/setup_intents", SetupIntentCreateParams, _create, _DOES),
    get("/v1/setup_intents", SetupIntentListParams, _list, PAGING + " customer payment_method"),
    get("/v1/setup_intents/{id}", SetupIntentRetrieveParams, _retrieve),
    post("/v1/setup_intents/{id}/confirm", SetupIntentConfirmParams, _confirm, "payment_method return_url"),
    post("/v1/setup_intents/{id}/cancel", SetupIntentCancelParams, _cancel, "cancellation_reason"),
)
