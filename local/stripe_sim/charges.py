"""Charges, to read."""

from stripe.params import (
    ChargeListParams,
    ChargeRetrieveParams,
    ChargeUpdateParams,
)

from local.stripe_sim.listing import list_of
from local.stripe_sim.routing import PAGING, Call, Routes, get, post
from local.stripe_sim.shapes import Obj
from local.stripe_sim.world import updated


def _retrieve(call: Call) -> Obj:
    return call.world.find("charge", call.id)


def _update(call: Call) -> Obj:
    charge = call.world.find("charge", call.id)
    changes = updated(charge, call.params, frozenset({"description", "receipt_email", "transfer_group"}))
    return call.world.change("charge.updated", charge, **changes)


def _list(call: Call) -> Obj:
    return list_of(
        call.world.kept("charge").values(),
        call.params,
        "/v1/charges",
        "customer payment_intent transfer_group",
    )


ROUTES: Routes = (
    get(
        "/v1/charges",
        ChargeListParams,
        _list,
        PAGING + " customer payment_intent transfer_group",
        for_accounts=True,
    ),
    get("/v1/charges/{id}", ChargeRetrieveParams, _retrieve, for_accounts=True),
    post(
        "/v1/charges/{id}", ChargeUpdateParams, _update, "description metadata receipt_email transfer_group"
    ),
)
