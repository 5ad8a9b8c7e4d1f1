"""Disputes: opened by a cardholder (a test card, or the control plane), answered and closed by us."""

from stripe.params import DisputeCloseParams, DisputeListParams, DisputeRetrieveParams, DisputeUpdateParams

from local.stripe_sim.errors import Refusal
from local.stripe_sim.ledger import DISPUTE_FEE, book
from local.stripe_sim.listing import list_of
from local.stripe_sim.routing import PAGING, Call, Routes, get, post
from local.stripe_sim.shapes import Json, Obj, inner_of, text_of, whole_of
from local.stripe_sim.world import World, merged_metadata, new_id

_EVIDENCE_NAMES = """
    access_activity_log billing_address cancellation_policy cancellation_policy_disclosure cancellation_rebuttal
    customer_communication customer_email_address customer_name customer_purchase_ip customer_signature
    duplicate_charge_documentation duplicate_charge_explanation duplicate_charge_id product_description receipt
    refund_policy refund_policy_disclosure refund_refusal_explanation service_date service_documentation
    shipping_address shipping_carrier shipping_date shipping_documentation shipping_tracking_number
    uncategorized_file uncategorized_text
"""
# Stripe, "Testing": disputes are won and lost by these words as evidence.
_VERDICTS = {"winning_evidence": "won", "losing_evidence": "lost"}
_OPEN = ("needs_response", "under_review", "warning_needs_response", "warning_under_review")
_RESPONSE_SECONDS = 9 * 24 * 3600


def open_dispute(world: World, charge: Obj, reason: str, *, is_inquiry: bool = False) -> Obj:
    """A cardholder disputes a captured charge: its money and a fee go at once, unless it is an inquiry."""
    if not charge["captured"] or charge["disputed"]:
        raise Refusal(f"Charge {charge['id']} cannot be disputed", param="charge")
    amount, currency = (
        whole_of(charge, "amount_captured") - whole_of(charge, "amount_refunded"),
        charge["currency"],
    )
    card = inner_of(inner_of(charge, "payment_method_details"), "card")
    dispute: Obj = {
        "id": new_id("du"),
        "object": "dispute",
        "amount": amount,
        "balance_transactions": [],
        "charge": charge["id"],
        "created": world.timestamp(),
        "currency": currency,
        "enhanced_eligibility_types": [],
        "evidence": {**dict.fromkeys(_EVIDENCE_NAMES.split()), "enhanced_evidence": {}},
        "evidence_details": _no_evidence(world.timestamp() + _RESPONSE_SECONDS),
        "is_charge_refundable": is_inquiry,
        "livemode": False,
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "payment_method_details": {
            "card": {
                "brand": card["brand"],
                "case_type": "inquiry" if is_inquiry else "chargeback",
                "network": card["network"],
                "network_reason_code": "10.4",
            },
            "type": "card",
        },
        "reason": reason,
        "status": "warning_needs_response" if is_inquiry else "needs_response",
    }
    world.keep(dispute)
    charge["disputed"] = True
    world.emit("charge.dispute.created", dispute, None)
    if not is_inquiry:
        _move(world, dispute, -amount, DISPUTE_FEE, f"Chargeback withdrawal for {charge['id']}")
        world.emit("charge.dispute.funds_withdrawn", dispute, None)
    return dispute


def _no_evidence(due_by: int) -> Obj:
    return {
        "due_by": due_by,
        "enhanced_eligibility": {},
        "has_evidence": False,
        "past_due": False,
        "submission_count": 0,
        "submission_method": "not_submitted",
    }


def decide(world: World, dispute: Obj, verdict: str) -> Obj:
    """The bank's word: `won` or `lost`. Won money comes back, and so does the fee."""
    if dispute["status"] not in _OPEN:
        raise Refusal("This dispute is already closed", code="dispute_already_closed")
    is_inquiry = str(dispute["status"]).startswith("warning")
    if verdict == "won" and not is_inquiry:
        amount = whole_of(dispute, "amount")
        _move(world, dispute, amount, -DISPUTE_FEE, f"Chargeback reversal for {dispute['charge']}")
        world.emit("charge.dispute.funds_reinstated", dispute, None)
    dispute["is_charge_refundable"] = False
    return world.change("charge.dispute.closed", dispute, status="warning_closed" if is_inquiry else verdict)


def _move(world: World, dispute: Obj, amount: int, fee: int, description: str) -> None:
    transaction = book(
        world,
        "adjustment",
        text_of(dispute, "id"),
        amount,
        text_of(dispute, "currency"),
        fee=fee,
        description=description,
        category="dispute" if amount < 0 else "dispute_reversal",
    )
    kept: list[Json] = [world.find("balance_transaction", transaction)]
    known = dispute["balance_transactions"]
    dispute["balance_transactions"] = [*(known if isinstance(known, list) else []), *kept]


def _retrieve(call: Call) -> Obj:
    return call.world.find("dispute", call.id)


def _list(call: Call) -> Obj:
    kept = call.world.kept("dispute").values()
    return list_of(kept, call.params, "/v1/disputes", "charge payment_intent")


def _update(call: Call) -> Obj:
    world, dispute = call.world, call.world.find("dispute", call.id)
    if dispute["status"] not in _OPEN:
        raise Refusal("This dispute is already closed", code="dispute_already_closed")
    given = call.params.inner("evidence")
    evidence = inner_of(dispute, "evidence") | {name: value or None for name, value in given.values.items()}
    is_submitted = bool(given.values) and call.params.flag("submit", default=True)
    details = inner_of(dispute, "evidence_details") | {"has_evidence": any(given.values.values())}
    status = str(dispute["status"])
    if is_submitted:
        details["submission_count"] = whole_of(details, "submission_count") + 1
        details["submission_method"] = "manual"
        status = status.replace("needs_response", "under_review")
    world.change(
        "charge.dispute.updated",
        dispute,
        evidence=evidence,
        evidence_details=details,
        metadata=merged_metadata(dispute, call.params),
        status=status,
    )
    verdict = _VERDICTS.get(str(evidence["uncategorized_text"]))
    return decide(world, dispute, verdict) if is_submitted and verdict else dispute


def _close(call: Call) -> Obj:
    return decide(call.world, call.world.find("dispute", call.id), "lost")


ROUTES: Routes = (
    get("/v1/disputes", DisputeListParams, _list, PAGING + " charge payment_intent"),
    get("/v1/disputes/{id}", DisputeRetrieveParams, _retrieve),
    post("/v1/disputes/{id}", DisputeUpdateParams, _update, "evidence metadata submit"),
    post("/v1/disputes/{id}/close", DisputeCloseParams, _close),
)
