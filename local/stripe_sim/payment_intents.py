"""Payment intents: from an amount to captured money, as Stripe walks them."""

from stripe.params import (
    PaymentIntentCancelParams,
    PaymentIntentCaptureParams,
    PaymentIntentConfirmParams,
    PaymentIntentCreateParams,
    PaymentIntentListParams,
    PaymentIntentRetrieveParams,
    PaymentIntentUpdateParams,
)

from local.stripe_sim.charging import capture_before, release, take
from local.stripe_sim.confirming import dispute_if_so_carded, pay
from local.stripe_sim.currencies import check_amount, check_currency, check_positive
from local.stripe_sim.customers import live_customer
from local.stripe_sim.errors import Refusal
from local.stripe_sim.intent_checks import check_can_confirm, check_types, has_redirects, usable_method
from local.stripe_sim.listing import list_of
from local.stripe_sim.routing import PAGING, Call, Routes, get, post
from local.stripe_sim.shapes import Json, Obj, Params, maybe_text_of, text_of, whole_of
from local.stripe_sim.states import require_status
from local.stripe_sim.world import World, created_metadata, merged_metadata, new_id, new_secret, updated

_PLAIN = frozenset(
    {
        "description",
        "receipt_email",
        "setup_future_usage",
        "shipping",
        "statement_descriptor_suffix",
        "transfer_group",
    }
)
_CARD_OPTIONS: Obj = {
    "installments": None,
    "mandate_options": None,
    "network": None,
    "request_three_d_secure": "automatic",
}
# What an intent has no value for at first, or here never.
_ABSENT = (
    "application",
    "application_fee_amount",
    "canceled_at",
    "cancellation_reason",
    "customer_account",
    "description",
    "excluded_payment_method_types",
    "last_payment_error",
    "latest_charge",
    "next_action",
    "on_behalf_of",
    "payment_method_configuration_details",
    "processing",
    "receipt_email",
    "review",
    "setup_future_usage",
    "shipping",
    "source",
    "statement_descriptor",
    "statement_descriptor_suffix",
    "transfer_data",
    "transfer_group",
)
_TYPES = "automatic_payment_methods allowed_payment_method_types payment_method_options"
_CONFIRMING = "error_on_requires_action off_session return_url"
_CANCELLABLE = (
    "requires_payment_method",
    "requires_capture",
    "requires_confirmation",
    "requires_action",
    "processing",
)
_UNPAID = ("requires_payment_method", "requires_confirmation", "requires_action")


def _create(call: Call) -> Obj:
    params, world = call.params, call.world
    check_currency(params.text("currency"))
    check_amount(params.whole("amount"), params.text("currency"))
    check_types(params)
    if not params.flag("confirm"):
        for name in ("off_session", "error_on_requires_action"):
            if name in params:
                raise Refusal(f"You can only set {name} when confirm=true.", param=name)
    customer = params.maybe_text("customer")
    if customer is not None:
        live_customer(world, customer, "customer")
    method = usable_method(world, params, customer)
    if params.flag("confirm"):
        check_can_confirm(params, method, has_redirects=has_redirects(params))
    intent = world.keep(_new(world, params, customer, method))
    world.emit("payment_intent.created", intent, None)
    return pay(world, intent, method, params) if params.flag("confirm") and method is not None else intent


def _new(world: World, params: Params, customer: str | None, method: Obj | None) -> Obj:
    intent_id = new_id("pi")
    allowed = params.values.get("allowed_payment_method_types")
    automatic: Json = params.values.get("automatic_payment_methods")
    if automatic is None and allowed is None:
        automatic = {"enabled": True}
    if isinstance(automatic, dict) and automatic.get("enabled"):
        automatic = {"allow_redirects": "always", **automatic}
    intent: Obj = {
        "id": intent_id,
        "object": "payment_intent",
        **dict.fromkeys(_ABSENT),
        "allowed_payment_method_types": allowed,
        "amount": params.whole("amount"),
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "automatic_payment_methods": automatic,
        "capture_method": params.maybe_text("capture_method") or "automatic_async",
        "client_secret": new_secret(intent_id),
        "confirmation_method": params.maybe_text("confirmation_method") or "automatic",
        "created": world.timestamp(),
        "currency": params.text("currency"),
        "customer": customer,
        "livemode": False,
        "metadata": created_metadata(params),
        "payment_method": None if method is None else method["id"],
        "payment_method_options": {
            "card": _CARD_OPTIONS | params.inner("payment_method_options").inner("card").values
        },
        "payment_method_types": ["card"],
        "status": "requires_payment_method" if method is None else "requires_confirmation",
    }
    return intent | updated({}, Params({k: v for k, v in params.values.items() if k != "metadata"}), _PLAIN)


def _retrieve(call: Call) -> Obj:
    secret = call.params.maybe_text("client_secret")
    intent = call.world.find("payment_intent", call.id)
    if secret is not None and secret != intent["client_secret"]:
        raise Refusal(
            f"The client_secret provided does not match any associated PaymentIntent: {call.id}",
            param="client_secret",
        )
    return intent


def _update(call: Call) -> Obj:
    params, intent = call.params, call.world.find("payment_intent", call.id)
    if set(params.values) - {
        "metadata",
        "description",
        "receipt_email",
        "shipping",
        "transfer_group",
        "expand",
    }:
        require_status(intent, "updated", _UNPAID)
    changes = updated(intent, params, _PLAIN)
    currency = params.maybe_text("currency") or text_of(intent, "currency")
    check_currency(currency)
    if "amount" in params or "currency" in params:
        amount = params.maybe_whole("amount") or whole_of(intent, "amount")
        check_amount(amount, currency)
        changes |= {"amount": amount, "currency": currency}
    customer = params.maybe_text("customer")
    if customer is not None:
        changes["customer"] = live_customer(call.world, customer, "customer")["id"]
    method = usable_method(call.world, params, customer or maybe_text_of(intent, "customer"))
    if method is not None:
        changes |= {"payment_method": method["id"], "status": "requires_confirmation"}
    intent.update(changes)
    return intent


def _confirm(call: Call) -> Obj:
    params, world, intent = call.params, call.world, call.world.find("payment_intent", call.id)
    require_status(intent, "confirmed", _UNPAID)
    method = usable_method(world, params, maybe_text_of(intent, "customer"))
    if method is None and intent["payment_method"] is not None:
        method = world.find("payment_method", text_of(intent, "payment_method"))
    automatic = intent["automatic_payment_methods"]
    redirects = isinstance(automatic, dict) and Params(automatic).maybe_text("allow_redirects") == "always"
    check_can_confirm(params, method, has_redirects=redirects)
    intent.update(updated(intent, params, frozenset({"receipt_email", "setup_future_usage", "shipping"})))
    return intent if method is None else pay(world, intent, method, params)


def _capture(call: Call) -> Obj:
    params, world, intent = call.params, call.world, call.world.find("payment_intent", call.id)
    if "amount_to_capture" in params:
        check_positive(params.whole("amount_to_capture"), "amount_to_capture")
    require_status(intent, "captured", ("requires_capture",))
    capturable = whole_of(intent, "amount_capturable")
    amount = params.maybe_whole("amount_to_capture") or capturable
    if amount > capturable:
        raise Refusal(
            f"The amount to capture must not exceed what is capturable, {capturable}.",
            code="amount_too_large",
            param="amount_to_capture",
        )
    charge = world.find("charge", text_of(intent, "latest_charge"))
    take(world, charge, amount)
    intent.update(status="succeeded", amount_capturable=0, amount_received=amount)
    intent["metadata"] = merged_metadata(intent, params)
    world.emit(
        "charge.captured", charge, {"captured": False, "amount_captured": 0, "balance_transaction": None}
    )
    world.emit("payment_intent.succeeded", intent, None)
    dispute_if_so_carded(world, charge, world.cards[text_of(charge, "payment_method")])
    return intent


def _cancel(call: Call) -> Obj:
    intent = call.world.find("payment_intent", call.id)
    require_status(intent, "canceled", _CANCELLABLE)
    return _canceled(call.world, intent, call.params.maybe_text("cancellation_reason"), "charge.refunded")


def _canceled(world: World, intent: Obj, reason: str | None, event: str) -> Obj:
    if intent["status"] == "requires_capture":
        charge = world.find("charge", text_of(intent, "latest_charge"))
        release(charge)
        world.emit(event, charge, {"amount_refunded": 0, "refunded": False})
    intent.update(
        status="canceled",
        amount_capturable=0,
        canceled_at=world.timestamp(),
        cancellation_reason=reason,
        next_action=None,
    )
    world.emit("payment_intent.canceled", intent, None)
    return intent


def expire(world: World) -> None:
    """Authorisations whose time has passed are released by Stripe itself."""
    now = world.timestamp()
    for intent in list(world.kept("payment_intent").values()):
        if intent["status"] == "requires_capture":
            charge = world.find("charge", text_of(intent, "latest_charge"))
            if capture_before(charge) <= now:
                _canceled(world, intent, "automatic", "charge.expired")


def _list(call: Call) -> Obj:
    return list_of(call.world.kept("payment_intent").values(), call.params, "/v1/payment_intents", "customer")


ROUTES: Routes = (
    post(
        "/v1/payment_intents",
        PaymentIntentCreateParams,
        _create,
        f"amount capture_method confirm confirmation_method currency customer metadata payment_method "
        f"{' '.join(_PLAIN)} {_TYPES} {_CONFIRMING}",
    ),
    get("/v1/payment_intents", PaymentIntentListParams, _list, PAGING + " customer"),
    get("/v1/payment_intents/{id}", PaymentIntentRetrieveParams, _retrieve, "client_secret"),
    post(
        "/v1/payment_intents/{id}",
        PaymentIntentUpdateParams,
        _update,
        f"amount currency customer metadata payment_method {' '.join(_PLAIN)}",
    ),
    post(
        "/v1/payment_intents/{id}/confirm",
        PaymentIntentConfirmParams,
        _confirm,
        f"payment_method payment_method_options receipt_email setup_future_usage shipping {_CONFIRMING}",
    ),
    post(
        "/v1/payment_intents/{id}/capture", PaymentIntentCaptureParams, _capture, "amount_to_capture metadata"
    ),
    post("/v1/payment_intents/{id}/cancel", PaymentIntentCancelParams, _cancel, "cancellation_reason"),
)
