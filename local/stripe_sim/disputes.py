"""Disputes, to read and to answer with evidence (Stripe, "Testing": evidence)."""

from stripe.params import DisputeCloseParams, DisputeListParams, DisputeRetrieveParams, DisputeUpdateParams

from local.stripe_sim.disputing import OPEN, decide, escalate
from local.stripe_sim.errors import Refusal, unsupported
from local.stripe_sim.files import check_is_evidence
from local.stripe_sim.listing import list_of
from local.stripe_sim.routing import PAGING, Call, Routes, get, post
from local.stripe_sim.shapes import Obj, inner_of, text_of, whole_of
from local.stripe_sim.world import World, merged_metadata

# Disputes are won and lost by these words as evidence.
_VERDICTS = {"winning_evidence": "won", "losing_evidence": "lost"}
# Evidence that is a file.
_FILES = frozenset(
    {
        "cancellation_policy",
        "customer_communication",
        "customer_signature",
        "duplicate_charge_documentation",
        "receipt",
        "refund_policy",
        "service_documentation",
        "shipping_documentation",
        "uncategorized_file",
    }
)


def _retrieve(call: Call) -> Obj:
    return call.world.find("dispute", call.id)


def _list(call: Call) -> Obj:
    kept = call.world.kept("dispute").values()
    return list_of(kept, call.params, "/v1/disputes", "charge payment_intent")


def _update(call: Call) -> Obj:
    world, dispute = call.world, call.world.find("dispute", call.id)
    if dispute["status"] not in OPEN:
        raise Refusal("This dispute is already closed", code="dispute_already_closed")
    given = call.params.inner("evidence").values
    _check_evidence(world, dispute, given)
    evidence = inner_of(dispute, "evidence") | {name: value or None for name, value in given.items()}
    has_evidence = any(value for name, value in evidence.items() if name != "enhanced_evidence")
    is_submitted = has_evidence and call.params.flag("submit", default=bool(given))
    details = inner_of(dispute, "evidence_details") | {"has_evidence": has_evidence}
    status = str(dispute["status"])
    if is_submitted:
        details |= {
            "submission_count": whole_of(details, "submission_count") + 1,
            "submission_method": "manual",
        }
        status = status.replace("needs_response", "under_review")
    world.change(
        "charge.dispute.updated",
        dispute,
        evidence=evidence,
        evidence_details=details,
        metadata=merged_metadata(dispute, call.params),
        status=status,
    )
    return _judged(world, dispute) if is_submitted else dispute


def _check_evidence(world: World, dispute: Obj, given: Obj) -> None:
    if not given:
        return
    others = set(given) & {"enhanced_evidence", "appeal"}
    if others:
        raise unsupported([f"evidence[{name}]" for name in others])
    if str(dispute["status"]).endswith("under_review"):
        raise Refusal("The evidence of this dispute was submitted already; it can be submitted only once.")
    for name in _FILES & set(given):
        if given[name]:
            check_is_evidence(world, text_of(given, name), f"evidence[{name}]")


def _judged(world: World, dispute: Obj) -> Obj:
    """Stripe's words for tests decide at once; other evidence is looked at for as long as the bank likes."""
    word = str(inner_of(dispute, "evidence")["uncategorized_text"])
    if word == "escalate_inquiry_evidence":
        return escalate(world, dispute)
    return decide(world, dispute, _VERDICTS[word]) if word in _VERDICTS else dispute


def _close(call: Call) -> Obj:
    return decide(call.world, call.world.find("dispute", call.id), "lost")


ROUTES: Routes = (
    get("/v1/disputes", DisputeListParams, _list, PAGING + " charge payment_intent"),
    get("/v1/disputes/{id}", DisputeRetrieveParams, _retrieve),
    post("/v1/disputes/{id}", DisputeUpdateParams, _update, "evidence metadata submit"),
    post("/v1/disputes/{id}/close", DisputeCloseParams, _close),
)
