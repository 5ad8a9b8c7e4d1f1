"""Transfers from the platform to connected accounts (Stripe, "Separate charges and transfers")."""

from stripe.params import (
    TransferCreateParams,
    TransferListParams,
    TransferRetrieveParams,
    TransferUpdateParams,
)

from local.stripe_sim.currencies import check_currency, check_positive
from local.stripe_sim.errors import Refusal, missing
from local.stripe_sim.ledger import balance_minor, book, insufficient
from local.stripe_sim.listing import list_of
from local.stripe_sim.received import receive
from local.stripe_sim.routing import PAGING, Call, Routes, get, post
from local.stripe_sim.shapes import Obj, Params, inner_of, maybe_text_of, text_of, whole_of
from local.stripe_sim.world import World, created_metadata, new_id, updated


def _create(call: Call) -> Obj:
    world, params = call.world, call.params
    currency = params.text("currency")
    check_currency(currency)
    account = world.find("account", params.text("destination"), "destination")
    if inner_of(account, "capabilities").get("transfers") != "active":
        raise Refusal(
            "Your destination account needs to have at least one of the following capabilities enabled: transfers",
            code="insufficient_capabilities_for_transfer",
        )
    charge = None if "source_transaction" not in params else _source(world, params)
    amount = _amount(params, charge)
    if charge is None:
        _check_available(world, amount, currency)
    else:
        _check_covered(world, charge, amount, currency)
    return _transferred(world, params, amount, charge)


def _amount(params: Params, charge: Obj | None) -> int:
    """What is asked for, or else the whole charge."""
    if "amount" in params:
        check_positive(params.whole("amount"), "amount")
        return params.whole("amount")
    if charge is None:
        raise missing("amount")
    return whole_of(charge, "amount_captured")


def _source(world: World, params: Params) -> Obj:
    charge = world.find("charge", params.text("source_transaction"), "source_transaction")
    if not charge["captured"]:
        raise Refusal("The source transaction has not been captured.", param="source_transaction")
    return charge


def _check_available(world: World, amount: int, currency: str) -> None:
    if amount > balance_minor(world, currency):
        raise insufficient(
            "You have insufficient available funds in your Stripe account. Try adding funds directly to your available "
            "balance by creating Charges using the 4000000000000077 test card."
        )


def _check_covered(world: World, charge: Obj, amount: int, currency: str) -> None:
    """All transfers of one charge stay within it. Nothing says that a reversal makes room again: here none does."""
    if charge["currency"] != currency:
        raise Refusal("The currency of source_transaction's balance must match.", param="currency")
    moved = sum(
        whole_of(one, "amount")
        for one in world.kept("transfer").values()
        if one["source_transaction"] == charge["id"]
    )
    left = whole_of(charge, "amount_captured") - moved
    if amount > left:
        raise Refusal(f"The transfer amount must not exceed the source amount left: {left}.", param="amount")


def _transferred(world: World, params: Params, amount: int, charge: Obj | None) -> Obj:
    transfer_id, currency, to = new_id("tr"), params.text("currency"), params.text("destination")
    group = params.maybe_text("transfer_group")
    on = world.timestamp()
    if charge is not None:  # the money waits with the charge's
        group = group or maybe_text_of(charge, "transfer_group") or f"group_{charge['payment_intent']}"
        came = world.find("balance_transaction", text_of(charge, "balance_transaction"))
        on = max(on, whole_of(came, "available_on"))
    transfer: Obj = {
        "id": transfer_id,
        "object": "transfer",
        "amount": amount,
        "amount_reversed": 0,
        "balance_transaction": book(
            world,
            "transfer",
            transfer_id,
            -amount,
            currency,
            description=params.maybe_text("description"),
            available_on=on,
        ),
        "created": world.timestamp(),
        "currency": currency,
        "description": params.maybe_text("description"),
        "destination": to,
        "destination_payment": receive(world.of(to), transfer_id, amount, currency, on),
        "livemode": False,
        "metadata": created_metadata(params),
        "reversals": {
            "object": "list",
            "data": [],
            "has_more": False,
            "url": f"/v1/transfers/{transfer_id}/reversals",
        },
        "reversed": False,
        "source_transaction": None if charge is None else text_of(charge, "id"),
        "source_type": "card",
        "transfer_group": group,
    }
    if charge is not None and charge["transfer_group"] is None:
        charge["transfer_group"] = group
    world.emit("transfer.created", world.keep(transfer), None)
    return transfer


def _retrieve(call: Call) -> Obj:
    return call.world.find("transfer", call.id)


def _update(call: Call) -> Obj:
    transfer = call.world.find("transfer", call.id)
    changes = updated(transfer, call.params, frozenset({"description"}))
    return call.world.change("transfer.updated", transfer, **changes)


def _list(call: Call) -> Obj:
    kept = call.world.kept("transfer").values()
    return list_of(kept, call.params, "/v1/transfers", "destination transfer_group")


ROUTES: Routes = (
    post(
        "/v1/transfers",
        TransferCreateParams,
        _create,
        "amount currency description destination metadata source_transaction transfer_group",
    ),
    get("/v1/transfers", TransferListParams, _list, PAGING + " destination transfer_group"),
    get("/v1/transfers/{id}", TransferRetrieveParams, _retrieve),
    post("/v1/transfers/{id}", TransferUpdateParams, _update, "description metadata"),
)
