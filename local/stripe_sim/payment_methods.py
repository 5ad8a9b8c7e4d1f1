"""Payment methods: cards made of the documented test ids; raw card numbers are refused, as from any server."""

import hashlib

from stripe.params import (
    CustomerPaymentMethodListParams,
    CustomerPaymentMethodRetrieveParams,
    PaymentMethodAttachParams,
    PaymentMethodDetachParams,
    PaymentMethodListParams,
    PaymentMethodRetrieveParams,
)

from local.stripe_sim.cards import CARDS, Card
from local.stripe_sim.customers import live_customer
from local.stripe_sim.errors import Refusal, no_such
from local.stripe_sim.listing import list_of
from local.stripe_sim.routing import PAGE, Call, Routes, get, post
from local.stripe_sim.shapes import Obj
from local.stripe_sim.world import World, new_id

_CHECKS: Obj = {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"}


def chosen_method(world: World, method_id: str, param: str = "payment_method") -> Obj:
    """The payment method that a parameter names. A test id makes a new one each time, as at Stripe."""
    if method_id in CARDS:
        return _made_of(world, CARDS[method_id])
    found = world.kept("payment_method").get(method_id)
    if found is None:
        raise no_such("PaymentMethod", method_id, param)
    return found


def card_of(world: World, method: Obj) -> Card:
    return world.cards[str(method["id"])]


def attach(world: World, method: Obj, customer_id: str) -> Obj:
    """Save for a customer. Raises Refusal where the bank says no, or another customer has it."""
    card = card_of(world, method)
    if card.decline is not None and not card.is_attachable:
        raise Refusal(
            card.decline.message,
            status=402,
            kind="card_error",
            code=card.decline.code,
            extra={"decline_code": card.decline.decline_code},
        )
    if method["customer"] not in {None, customer_id}:
        raise Refusal("The payment method you provided has already been attached to a customer.")
    return world.change("payment_method.attached", method, customer=customer_id)


def _made_of(world: World, card: Card) -> Obj:
    method_id = new_id("pm")
    world.cards[method_id] = card
    fingerprint = hashlib.sha256(f"{card.brand}{card.last4}".encode()).hexdigest()[:16]
    return world.keep(
        {
            "id": method_id,
            "object": "payment_method",
            "allow_redisplay": "unspecified",
            "billing_details": {
                "address": dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state")),
                "email": None,
                "name": None,
                "phone": None,
                "tax_id": None,
            },
            "card": {
                "brand": card.brand,
                "checks": dict(_CHECKS),
                "country": card.country,
                "display_brand": card.brand,
                "exp_month": 12,
                "exp_year": world.now().year + 3,
                "fingerprint": fingerprint,
                "funding": card.funding,
                "generated_from": None,
                "last4": card.last4,
                "networks": {"available": [card.brand], "preferred": None},
                "regulated_status": "unregulated",
                "three_d_secure_usage": {"supported": True},
                "wallet": None,
            },
            "created": world.timestamp(),
            "customer": None,
            "customer_account": None,
            "livemode": False,
            "metadata": {},
            "type": "card",
        }
    )


def _retrieve(call: Call) -> Obj:
    if call.id in CARDS:
        return _made_of(call.world, CARDS[call.id])
    return call.world.find("payment_method", call.id)


def _attach(call: Call) -> Obj:
    if "customer" not in call.params:
        raise Refusal("Missing required param: customer.", code="parameter_missing", param="customer")
    customer = live_customer(call.world, call.params.text("customer"), "customer")
    return attach(call.world, chosen_method(call.world, call.id), str(customer["id"]))


def _detach(call: Call) -> Obj:
    method = call.world.find("payment_method", call.id)
    if method["customer"] is None:
        raise Refusal(
            "The payment method you provided is not attached to a customer so detachment is impossible."
        )
    call.world.used.add(call.id)
    return call.world.change("payment_method.detached", method, customer=None)


def _list(call: Call) -> Obj:
    mine = [method for method in call.world.kept("payment_method").values() if method["customer"] is not None]
    return list_of(mine, call.params, "/v1/payment_methods", "customer type")


def _list_of_customer(call: Call) -> Obj:
    live_customer(call.world, call.id)
    mine = [method for method in call.world.kept("payment_method").values() if method["customer"] == call.id]
    return list_of(mine, call.params, f"/v1/customers/{call.id}/payment_methods", "type")


def _retrieve_of_customer(call: Call) -> Obj:
    method = call.world.find("payment_method", call.ids[1])
    if method["customer"] != call.id:
        raise no_such("payment_method", call.ids[1])
    return method


ROUTES: Routes = (
    get("/v1/payment_methods", PaymentMethodListParams, _list, PAGE + " customer type"),
    get("/v1/payment_methods/{id}", PaymentMethodRetrieveParams, _retrieve),
    post("/v1/payment_methods/{id}/attach", PaymentMethodAttachParams, _attach, "customer"),
    post("/v1/payment_methods/{id}/detach", PaymentMethodDetachParams, _detach),
    get(
        "/v1/customers/{id}/payment_methods",
        CustomerPaymentMethodListParams,
        _list_of_customer,
        PAGE + " type",
    ),
    get(
        "/v1/customers/{id}/payment_methods/{method}",
        CustomerPaymentMethodRetrieveParams,
        _retrieve_of_customer,
    ),
)
