"""Transfer reversals: the platform takes back what it has transferred, all of it or a part (Stripe, "Reversing")."""

from stripe.params import (
    TransferReversalCreateParams,
    TransferReversalListParams,
    TransferReversalRetrieveParams,
    TransferReversalUpdateParams,
)

from local.stripe_sim.currencies import check_positive
from local.stripe_sim.errors import Refusal, no_such
from local.stripe_sim.ledger import balance_minor, book, insufficient
from local.stripe_sim.listing import list_of
from local.stripe_sim.received import give_back
from local.stripe_sim.routing import PAGE, Call, Routes, get, post
from local.stripe_sim.shapes import Obj, Params, text_of, whole_of
from local.stripe_sim.world import World, created_metadata, merged_metadata, new_id


def _create(call: Call) -> Obj:
    world, params = call.world, call.params
    if "amount" in params:
        check_positive(params.whole("amount"), "amount")
    transfer = world.find("transfer", call.id)
    left = whole_of(transfer, "amount") - whole_of(transfer, "amount_reversed")
    if left == 0:
        raise Refusal(f"The transfer {call.id} is already fully reversed.")
    amount = params.maybe_whole("amount") or left
    if amount > left:
        raise Refusal(
            f"Reversal amount ({amount}) is greater than unreversed amount on transfer ({left})",
            param="amount",
        )
    theirs, currency = world.of(text_of(transfer, "destination")), text_of(transfer, "currency")
    if amount > balance_minor(theirs, currency, "available", "pending"):
        raise insufficient(
            "The connected account does not have sufficient funds in its Stripe balance to cover this reversal."
        )
    return _reversed(world, theirs, transfer, amount, params)


def _reversed(world: World, theirs: World, transfer: Obj, amount: int, params: Params) -> Obj:
    reversal_id, transfer_id = new_id("trr"), text_of(transfer, "id")
    sent = world.find("balance_transaction", text_of(transfer, "balance_transaction"))
    transaction = book(
        world,
        "transfer_refund",
        reversal_id,
        amount,
        text_of(transfer, "currency"),
        description=params.maybe_text("description") or f"REFUND FOR TRANSFER {transfer_id}",
        available_on=whole_of(sent, "available_on"),
    )
    reversal: Obj = {
        "id": reversal_id,
        "object": "transfer_reversal",
        "amount": amount,
        "balance_transaction": transaction,
        "created": world.timestamp(),
        "currency": transfer["currency"],
        "destination_payment_refund": give_back(theirs, text_of(transfer, "destination_payment"), amount),
        "metadata": created_metadata(params),
        "source_refund": None,
        "transfer": transfer_id,
    }
    world.keep(reversal)
    before = {name: transfer[name] for name in ("amount_reversed", "reversed")}
    reversed_minor = whole_of(transfer, "amount_reversed") + amount
    transfer.update(
        amount_reversed=reversed_minor,
        reversed=reversed_minor == transfer["amount"],
        reversals=list_of(_of(world, transfer_id), Params(), f"/v1/transfers/{transfer_id}/reversals"),
    )
    world.emit("transfer.reversed", transfer, before)
    return reversal


def _of(world: World, transfer_id: str) -> list[Obj]:
    return [one for one in world.kept("transfer_reversal").values() if one["transfer"] == transfer_id]


def _found(call: Call) -> Obj:
    call.world.find("transfer", call.id)
    reversal = call.world.kept("transfer_reversal").get(call.ids[1])
    if reversal is None or reversal["transfer"] != call.id:
        raise no_such("transfer_reversal", call.ids[1])
    return reversal


def _update(call: Call) -> Obj:
    reversal = _found(call)
    reversal["metadata"] = merged_metadata(reversal, call.params)
    call.world.emit("transfer.updated", call.world.find("transfer", call.id))
    return reversal


def _list(call: Call) -> Obj:
    call.world.find("transfer", call.id)
    return list_of(_of(call.world, call.id), call.params, f"/v1/transfers/{call.id}/reversals")


_PATH = "/v1/transfers/{id}/reversals"

ROUTES: Routes = (
    post(_PATH, TransferReversalCreateParams, _create, "amount description metadata refund_application_fee"),
    get(_PATH, TransferReversalListParams, _list, PAGE),
    get(_PATH + "/{one}", TransferReversalRetrieveParams, _found),
    post(_PATH + "/{one}", TransferReversalUpdateParams, _update, "metadata"),
)
