"""Disputes at Stripe: what is asked, and what the answers mean, over the real SDK and a canned wire."""

from datetime import UTC, datetime

import pytest

from callsheet.gateways.disputes import DisputeMove, DisputeReason, DisputeStatus, Evidence, EvidenceRefused
from callsheet.gateways.errors import PaymentsUnavailable
from callsheet.gateways.stripe_disputes import StripeDisputes
from callsheet.kernel.money import Money
from tests.unit.gateways.canned import Canned, CannedStripe, Json, an_error, ok

OPENED, DUE = datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 11, tzinfo=UTC)
EVIDENCE = Evidence(
    product_description="Portraits",
    service_date="2026-03-01",
    cancellation_policy="Full",
    refund_policy="Half",
    words="It was done.",
    file_id="file_1",
)


def a_dispute(**changes: object) -> Json:
    return {
        "id": "dp_1",
        "object": "dispute",
        "amount": 4_000,
        "currency": "usd",
        "reason": "product_not_received",
        "status": "needs_response",
        "created": int(OPENED.timestamp()),
        "evidence_details": {"due_by": int(DUE.timestamp())},
        "balance_transactions": [],
        "metadata": {},
        **changes,
    }


def moved(amount: int, fee: int) -> Json:
    return {
        "id": "txn_1",
        "object": "balance_transaction",
        "amount": amount,
        "fee": fee,
        "currency": "usd",
    }


def a_list(*items: Json) -> Canned:
    return ok({"object": "list", "data": list(items), "has_more": False, "url": "/v1/disputes"})


def over(*answers: Canned | Exception) -> tuple[StripeDisputes, CannedStripe]:
    wire = CannedStripe(*answers)
    return StripeDisputes(wire), wire


def test_the_disputes_of_a_payment_say_what_they_took_and_what_came_back() -> None:
    won = a_dispute(status="won", balance_transactions=[moved(-4_000, 1_500), moved(4_000, -1_500)])
    disputes, wire = over(a_list(won))
    (found,) = disputes.disputes_of("pi_1")
    assert wire.sent[0].params == {"payment_intent": "pi_1", "limit": "100"}
    assert (found.status, found.reason) == (DisputeStatus.WON, DisputeReason.PRODUCT_NOT_RECEIVED)
    assert (found.opened_at, found.evidence_due_at) == (OPENED, DUE)
    taken = DisputeMove(amount=Money.of(4_000, "USD"), fee=Money.of(1_500, "USD"))
    assert (found.withdrawn, found.reinstated) == (taken, taken)


def test_an_inquiry_takes_nothing_and_the_oldest_dispute_comes_first() -> None:
    later = a_dispute(
        id="dp_2", created=int(DUE.timestamp()), status="warning_needs_response", reason="brand_new"
    )
    later["evidence_details"] = {"due_by": None}
    found = over(a_list(later, a_dispute(status="appealed_to_the_moon")))[0].disputes_of("pi_1")
    assert [one.id for one in found] == ["dp_1", "dp_2"]
    assert [one.status for one in found] == [DisputeStatus.UNDER_REVIEW, DisputeStatus.INQUIRY]
    assert (found[1].withdrawn, found[1].reinstated, found[1].evidence_due_at) == (None, None, None)
    assert found[1].reason is DisputeReason.OTHER


def test_a_file_goes_as_evidence_under_its_key() -> None:
    disputes, wire = over(ok({"id": "file_1", "object": "file"}))
    assert disputes.upload(b"%PDF-1.4 evidence", "evidence.pdf", "dp_1/evidence/file") == "file_1"
    assert wire.sent[0].path.endswith("files.stripe.com/v1/files")
    assert wire.sent[0].key == "dp_1/evidence/file"


def test_evidence_is_submitted_at_once_and_carries_its_key() -> None:
    disputes, wire = over(ok(a_dispute(status="under_review")))
    disputes.submit_evidence("dp_1", EVIDENCE, "dp_1/evidence")
    sent = wire.sent[0]
    assert (sent.path, sent.key) == ("/v1/disputes/dp_1", "dp_1/evidence")
    assert sent.params == {
        "evidence[product_description]": "Portraits",
        "evidence[service_date]": "2026-03-01",
        "evidence[cancellation_policy_disclosure]": "Full",
        "evidence[refund_policy_disclosure]": "Half",
        "evidence[uncategorized_text]": "It was done.",
        "evidence[uncategorized_file]": "file_1",
        "submit": "true",
        "metadata[evidence_key]": "dp_1/evidence",
    }


def test_what_was_submitted_under_the_key_long_ago_is_not_refused() -> None:
    closed = an_error(400, "invalid_request_error", code="dispute_already_closed")
    ours = ok(a_dispute(metadata={"evidence_key": "dp_1/evidence"}))
    over(closed, ours)[0].submit_evidence("dp_1", EVIDENCE, "dp_1/evidence")
    with pytest.raises(EvidenceRefused):
        over(closed, ok(a_dispute()))[0].submit_evidence("dp_1", EVIDENCE, "dp_1/evidence")


def test_an_answer_that_says_nothing_of_the_outcome_is_no_refusal() -> None:
    away = an_error(503, "api_error")
    with pytest.raises(PaymentsUnavailable):
        over(away, away)[0].disputes_of("pi_1")
