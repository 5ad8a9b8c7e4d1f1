"""Disputes as they happen: opened by a cardholder, decided by a bank, or lost by letting the time pass.

A test card opens one, or the control plane. The money goes with a fee when it is opened, and comes back when it is won.
"""

from local.stripe_sim.errors import Refusal
from local.stripe_sim.ledger import DISPUTE_FEE, book
from local.stripe_sim.shapes import Json, Obj, inner_of, text_of, whole_of
from local.stripe_sim.world import World, new_id

_EVIDENCE_NAMES = """
    access_activity_log billing_address cancellation_policy cancellation_policy_disclosure cancellation_rebuttal
    customer_communication customer_email_address customer_name customer_purchase_ip customer_signature
    duplicate_charge_documentation duplicate_charge_explanation duplicate_charge_id product_description receipt
    refund_policy refund_policy_disclosure refund_refusal_explanation service_date service_documentation
    shipping_address shipping_carrier shipping_date shipping_documentation shipping_tracking_number
    uncategorized_file uncategorized_text
"""
OPEN = ("needs_response", "under_review", "warning_needs_response", "warning_under_review")
_GIVEN_BACK = ("won", "warning_closed")
_RESPONSE_SECONDS, _INQUIRY_SECONDS = 9 * 24 * 3600, 120 * 24 * 3600


def open_dispute(
    world: World, charge: Obj, reason: str, *, is_inquiry: bool = False, amount: int | None = None
) -> Obj:
    """A cardholder disputes a captured charge, or a part: money and a fee go at once, unless it is an inquiry."""
    left = _disputable(world, charge)
    if not charge["captured"] or left <= 0:
        raise Refusal(f"Charge {charge['id']} cannot be disputed", param="charge")
    if amount is not None and not 1 <= amount <= left:
        raise Refusal(f"The disputed amount must be between 1 and {left}", param="amount")
    amount, currency = amount or left, charge["currency"]
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
        _withdraw(world, dispute)
    return dispute


def _disputable(world: World, charge: Obj, escalated: Obj | None = None) -> int:
    """What was neither refunded nor is in another dispute, open or lost: a charge may have several."""
    kept = sum(
        whole_of(dispute, "amount")
        for dispute in world.kept("dispute").values()
        if dispute["charge"] == charge["id"]
        and dispute["status"] not in _GIVEN_BACK
        and dispute is not escalated
    )
    return whole_of(charge, "amount_captured") - whole_of(charge, "amount_refunded") - kept


def _withdraw(world: World, dispute: Obj) -> None:
    description = f"Chargeback withdrawal for {dispute['charge']}"
    _move(world, dispute, -whole_of(dispute, "amount"), DISPUTE_FEE, description)
    world.emit("charge.dispute.funds_withdrawn", dispute)


def escalate(world: World, dispute: Obj) -> Obj:
    """The cardholder is not content with what an inquiry was answered: it becomes a dispute.

    What was refunded meanwhile is not taken again (Stripe, "is_charge_refundable").
    """
    if not str(dispute["status"]).startswith("warning_") or dispute["status"] not in OPEN:
        raise Refusal("Only an open inquiry can be escalated.")
    charge = world.find("charge", text_of(dispute, "charge"))
    left = _disputable(world, charge, dispute)
    if left <= 0:
        raise Refusal("All of the charge was refunded: there is nothing to dispute.")
    inner_of(inner_of(dispute, "payment_method_details"), "card")["case_type"] = "chargeback"
    world.change(
        "charge.dispute.updated",
        dispute,
        amount=min(whole_of(dispute, "amount"), left),
        evidence_details=_no_evidence(world.timestamp() + _RESPONSE_SECONDS),
        is_charge_refundable=False,
        status="needs_response",
    )
    _withdraw(world, dispute)
    return dispute


def expire_disputes(world: World) -> None:
    """Who does not answer in time has lost. Inquiries that nobody escalates end by themselves."""
    now = world.timestamp()
    for dispute in list(world.kept("dispute").values()):
        if dispute["status"] not in OPEN:
            continue
        details = inner_of(dispute, "evidence_details")
        is_late = whole_of(details, "due_by") <= now and str(dispute["status"]).endswith("needs_response")
        if is_late and not details["past_due"]:
            world.change("charge.dispute.updated", dispute, evidence_details=details | {"past_due": True})
        is_inquiry = str(dispute["status"]).startswith("warning_")
        if (is_late and not is_inquiry) or (
            is_inquiry and whole_of(dispute, "created") + _INQUIRY_SECONDS <= now
        ):
            decide(world, dispute, "lost")


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
    """The bank's word: `won` or `lost`. Won money comes back, and so does the fee; then it can be refunded."""
    if dispute["status"] not in OPEN:
        raise Refusal("This dispute is already closed", code="dispute_already_closed")
    is_inquiry = str(dispute["status"]).startswith("warning")
    if verdict == "won" and not is_inquiry:
        amount = whole_of(dispute, "amount")
        _move(world, dispute, amount, -DISPUTE_FEE, f"Chargeback reversal for {dispute['charge']}")
        world.emit("charge.dispute.funds_reinstated", dispute, None)
    dispute["is_charge_refundable"] = is_inquiry or verdict == "won"
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
