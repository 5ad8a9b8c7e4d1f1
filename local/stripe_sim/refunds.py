"""Refunds: never more than was captured and is not refunded yet. Stripe keeps its fee."""

from stripe.params import (
    RefundCreateParams,
    RefundListParams,
    RefundRetrieveParams,
    RefundUpdateParams,
)

from local.stripe_sim.currencies import check_positive
from local.stripe_sim.errors import Refusal, missing
from local.stripe_sim.ledger import book
from local.stripe_sim.listing import list_of
from local.stripe_sim.routing import PAGING, Call, Routes, get, post
from local.stripe_sim.shapes import Obj, Params, text_of, whole_of
from local.stripe_sim.world import World, created_metadata, merged_metadata, new_id

_DELAY_SECONDS = 24 * 3600  # how long the test cards with a later outcome take


def _create(call: Call) -> Obj:
    return make(call.world, call.params)


def make(world: World, params: Params) -> Obj:
    """Refund what is asked for, over the API or in the Dashboard."""
    if "amount" in params:
        check_positive(params.whole("amount"), "amount")
    charge = _charge(world, params)
    charge_id = text_of(charge, "id")
    left = whole_of(charge, "amount_captured") - whole_of(charge, "amount_refunded")
    if charge["disputed"] and not _is_inquired(world, charge_id):
        raise Refusal(
            f"Charge {charge_id} has been charged back; cannot issue a refund.", code="charge_disputed"
        )
    if left == 0:
        raise Refusal(f"Charge {charge_id} has already been refunded.", code="charge_already_refunded")
    amount = params.maybe_whole("amount") or left
    if amount > left:
        raise Refusal(
            f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})", param="amount"
        )
    refund, reason = _refunded(world, charge, amount, params), world.refund_fails_for
    world.refund_fails_for = None
    return refund if reason is None else fail(world, refund, reason)


def _charge(world: World, params: Params) -> Obj:
    """The captured charge that is meant."""
    named = [name for name in ("charge", "payment_intent") if name in params]
    if not named:
        raise missing("payment_intent")
    if len(named) == 2:
        raise Refusal(
            "You may only specify one of these parameters: charge, payment_intent.",
            code="parameters_exclusive",
        )
    if named == ["charge"]:
        charge = world.find("charge", params.text("charge"), "charge")
    else:
        intent = world.find("payment_intent", params.text("payment_intent"), "payment_intent")
        if intent["status"] != "succeeded":
            raise Refusal(
                f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund.",
                param="payment_intent",
            )
        charge = world.find("charge", text_of(intent, "latest_charge"))
    if not charge["captured"]:
        raise Refusal(
            f"Charge {charge['id']} has not been captured; cancel its PaymentIntent to release it.",
            code="charge_not_refundable",
        )
    return charge


def _is_inquired(world: World, charge_id: str) -> bool:
    disputes = world.kept("dispute").values()
    return all(dispute["is_charge_refundable"] for dispute in disputes if dispute["charge"] == charge_id)


def _refunded(world: World, charge: Obj, amount: int, params: Params) -> Obj:
    refund_id, currency = new_id("re"), text_of(charge, "currency")
    status = world.cards[text_of(charge, "payment_method")].refund_status
    refund: Obj = {
        "id": refund_id,
        "object": "refund",
        "amount": amount,
        "balance_transaction": book(
            world, "refund", refund_id, -amount, currency, description=f"REFUND FOR CHARGE {charge['id']}"
        ),
        "charge": charge["id"],
        "created": world.timestamp(),
        "currency": currency,
        "customer": None,
        "customer_account": None,
        "destination_details": {
            "card": {
                "reference_status": "pending",
                "reference_type": "acquirer_reference_number",
                "type": "refund",
            },
            "type": "card",
        },
        "metadata": created_metadata(params),
        "payment_intent": charge["payment_intent"],
        "payment_method": charge["payment_method"],
        "reason": params.maybe_text("reason"),
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "pending" if status == "pending" else "succeeded",
        "transfer_reversal": None,
    }
    if status == "pending":
        refund["pending_reason"] = "processing"
    before = {name: charge[name] for name in ("amount_refunded", "refunded")}
    refunded = whole_of(charge, "amount_refunded") + amount
    charge.update(amount_refunded=refunded, refunded=refunded == charge["amount_captured"])
    world.keep(refund)
    world.emit("refund.created", refund, None)
    world.emit("charge.refunded", charge, before)
    return refund


def mature(world: World) -> None:
    """Refunds of the test cards whose refunds end later: pending ones succeed, failing ones fail."""
    latest = world.timestamp() - _DELAY_SECONDS
    for refund in list(world.kept("refund").values()):
        outcome = world.cards[text_of(refund, "payment_method")].refund_status
        if outcome == "succeeded" or whole_of(refund, "created") > latest:
            continue
        if refund["status"] == "pending":
            succeed(world, refund)
        elif outcome == "failed" and refund["status"] == "succeeded":
            fail(world, refund, "expired_or_canceled_card")


def succeed(world: World, refund: Obj) -> Obj:
    if refund["status"] != "pending":
        raise Refusal(f"Refund {refund['id']} is {refund['status']} already.")
    return world.change("refund.updated", refund, status="succeeded", pending_reason=None)


def fail(world: World, refund: Obj, reason: str) -> Obj:
    """The bank could not credit its customer: the money comes back, and the charge is not refunded by this."""
    if refund["status"] == "failed":
        raise Refusal(f"Refund {refund['id']} has failed already.")
    amount, charge = whole_of(refund, "amount"), world.find("charge", text_of(refund, "charge"))
    back = book(world, "refund_failure", text_of(refund, "id"), amount, text_of(refund, "currency"))
    before = refund["status"]
    charge.update(amount_refunded=whole_of(charge, "amount_refunded") - amount, refunded=False)
    world.change(
        "refund.failed",
        refund,
        status="failed",
        failure_reason=reason,
        failure_balance_transaction=back,
        pending_reason=None,
    )
    for event in ("refund.updated", "charge.refund.updated"):
        world.emit(event, refund, {"status": before})
    return refund


def _retrieve(call: Call) -> Obj:
    return call.world.find("refund", call.id)


def _update(call: Call) -> Obj:
    refund = call.world.find("refund", call.id)
    return call.world.change("refund.updated", refund, metadata=merged_metadata(refund, call.params))


def _list(call: Call) -> Obj:
    return list_of(call.world.kept("refund").values(), call.params, "/v1/refunds", "charge payment_intent")


ROUTES: Routes = (
    post("/v1/refunds", RefundCreateParams, _create, "amount charge metadata payment_intent reason"),
    get("/v1/refunds", RefundListParams, _list, PAGING + " charge payment_intent"),
    get("/v1/refunds/{id}", RefundRetrieveParams, _retrieve),
    post("/v1/refunds/{id}", RefundUpdateParams, _update, "metadata"),
)
