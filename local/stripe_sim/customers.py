"""Customers."""

from stripe.params import (
    CustomerCreateParams,
    CustomerDeleteParams,
    CustomerListParams,
    CustomerRetrieveParams,
    CustomerUpdateParams,
)

from local.stripe_sim.errors import no_such
from local.stripe_sim.listing import list_of
from local.stripe_sim.routing import PAGING, Call, Routes, delete, get, post
from local.stripe_sim.shapes import Obj, inner_of
from local.stripe_sim.world import World, created_metadata, new_id, updated

_PLAIN = frozenset({"address", "description", "email", "name", "phone", "preferred_locales", "shipping"})
_DOES = " ".join(_PLAIN) + " metadata"


def live_customer(world: World, customer_id: str, param: str | None = None) -> Obj:
    """A customer that has not been deleted; a deleted one answers only a retrieve."""
    customer = world.find("customer", customer_id, param)
    if customer.get("deleted"):
        raise no_such("customer", customer_id, param)
    return customer


def _create(call: Call) -> Obj:
    world = call.world
    customer: Obj = {
        "id": new_id("cus"),
        "object": "customer",
        "address": None,
        "balance": 0,
        "created": world.timestamp(),
        "currency": None,
        "customer_account": None,
        "default_source": None,
        "delinquent": False,
        "description": None,
        "discount": None,
        "email": None,
        "invoice_prefix": new_id("x")[-8:].upper(),
        "invoice_settings": {
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        },
        "livemode": False,
        "metadata": created_metadata(call.params),
        "name": None,
        "next_invoice_sequence": 1,
        "phone": None,
        "preferred_locales": [],
        "shipping": None,
        "tax_exempt": "none",
        "test_clock": None,
    }
    customer |= updated(customer, call.params, _PLAIN)
    world.emit("customer.created", world.keep(customer), None)
    return customer


def _retrieve(call: Call) -> Obj:
    return call.world.find("customer", call.id)


def _update(call: Call) -> Obj:
    customer = live_customer(call.world, call.id)
    changes = updated(customer, call.params, _PLAIN)
    chosen = call.params.inner("invoice_settings").maybe_text("default_payment_method")
    if chosen is not None:
        if chosen:
            call.world.find("payment_method", chosen, "invoice_settings[default_payment_method]")
        changes["invoice_settings"] = inner_of(customer, "invoice_settings") | {
            "default_payment_method": chosen or None
        }
    return call.world.change("customer.updated", customer, **changes)


def _delete(call: Call) -> Obj:
    customer = live_customer(call.world, call.id)
    call.world.emit("customer.deleted", dict(customer), None)
    tombstone: Obj = {"id": call.id, "object": "customer", "deleted": True}
    customer.clear()
    customer.update(tombstone)
    for method in call.world.kept("payment_method").values():
        if method["customer"] == call.id:
            method["customer"] = None
    return customer


def _list(call: Call) -> Obj:
    kept = call.world.kept("customer").values()
    living = [customer for customer in kept if not customer.get("deleted")]
    return list_of(living, call.params, "/v1/customers", "email")


ROUTES: Routes = (
    post("/v1/customers", CustomerCreateParams, _create, _DOES),
    get("/v1/customers", CustomerListParams, _list, PAGING + " email"),
    get("/v1/customers/{id}", CustomerRetrieveParams, _retrieve),
    post("/v1/customers/{id}", CustomerUpdateParams, _update, _DOES + " invoice_settings"),
    delete("/v1/customers/{id}", CustomerDeleteParams, _delete),
)
