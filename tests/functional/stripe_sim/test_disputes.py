"""Disputes and their evidence, from opening to the bank's word."""

import io

import pytest
import stripe

from tests.functional.stripe_sim.conftest import MovingClock
from tests.functional.stripe_sim.payments import captured, charge_of
from tests.support.stripe import SimulatedStripe

_PDF = b"%PDF-1.7\r\n\r\n--\r\nsigned \xff\xfe"


def disputed(sim: SimulatedStripe, api: stripe.V1Services, **more: int | bool) -> stripe.Dispute:
    charge = charge_of(captured(api, "pm_card_bypassPending"))
    sim.control("POST", "/_sim/disputes", {"charge": charge.id, **more})
    sim.event_types()
    return api.disputes.list({"charge": charge.id}).data[0]


def uploaded(api: stripe.V1Services, content: bytes = _PDF, purpose: str = "dispute_evidence") -> stripe.File:
    file = io.BytesIO(content)
    file.name = "contract.pdf"
    return api.files.create({"file": file, "purpose": purpose})


def test_a_dispute_takes_the_money_and_a_fee(sim: SimulatedStripe, api: stripe.V1Services) -> None:
    charge = charge_of(captured(api))
    sim.event_types()
    sim.dispute(charge.id, "product_not_received")
    (dispute,) = api.disputes.list({"charge": charge.id}).data
    assert (dispute.amount, dispute.reason) == (10_000, "product_not_received")
    assert dispute.balance_transactions[0].net == -11_500
    assert sim.event_types() == ["charge.dispute.created", "charge.dispute.funds_withdrawn"]
    assert api.charges.retrieve(charge.id).disputed
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        api.refunds.create({"charge": charge.id})
    assert refusal.value.code == "charge_disputed"


def test_a_dispute_is_won_by_evidence(sim: SimulatedStripe, api: stripe.V1Services) -> None:
    sim.dispute(charge_of(captured(api)).id)
    (dispute,) = api.disputes.list().data
    sim.event_types()
    won = api.disputes.update(dispute.id, {"evidence": {"uncategorized_text": "winning_evidence"}})
    assert won.status == "won"
    assert sum(one.net for one in won.balance_transactions) == 0
    assert sim.event_types() == [
        "charge.dispute.updated",
        "charge.dispute.funds_reinstated",
        "charge.dispute.closed",
    ]
    with pytest.raises(stripe.InvalidRequestError):
        api.disputes.close(dispute.id)


@pytest.mark.parametrize("outcome", ["won", "lost"])
def test_the_bank_decides_a_dispute(outcome: str, sim: SimulatedStripe, api: stripe.V1Services) -> None:
    sim.dispute(charge_of(captured(api)).id)
    (dispute,) = api.disputes.list().data
    sim.control("POST", f"/_sim/disputes/{dispute.id}", {"outcome": outcome})
    assert api.disputes.retrieve(dispute.id).status == outcome


def test_what_was_won_can_be_refunded_and_what_was_lost_cannot(
    sim: SimulatedStripe, api: stripe.V1Services
) -> None:
    """Stripe, changelog of 2014-11-20: a dispute stays `won` also where the payment is refunded afterwards."""
    for outcome in ("won", "lost"):
        charge = charge_of(captured(api))
        sim.dispute(charge.id)
        (dispute,) = api.disputes.list({"charge": charge.id}).data
        sim.control("POST", f"/_sim/disputes/{dispute.id}", {"outcome": outcome})
        if outcome == "won":
            api.refunds.create({"charge": charge.id, "amount": 100})
            assert api.disputes.retrieve(dispute.id).status == "won"
            continue
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            api.refunds.create({"charge": charge.id, "amount": 100})
        assert refusal.value.code == "charge_disputed"


def test_a_closed_dispute_is_lost(sim: SimulatedStripe, api: stripe.V1Services) -> None:
    sim.dispute(charge_of(captured(api)).id)
    assert api.disputes.close(api.disputes.list().data[0].id).status == "lost"


def test_a_part_of_a_charge_is_disputed(sim: SimulatedStripe, api: stripe.V1Services) -> None:
    dispute = disputed(sim, api, amount=2_500)
    assert (dispute.amount, dispute.balance_transactions[0].net) == (2_500, -4_000)
    charge = charge_of(captured(api))
    with pytest.raises(AssertionError, match="must be between"):
        sim.control("POST", "/_sim/disputes", {"charge": charge.id, "amount": 10_001})
    assert not api.charges.retrieve(charge.id).disputed


def test_a_charge_may_be_disputed_more_than_once_but_nothing_of_it_twice(
    sim: SimulatedStripe, api: stripe.V1Services
) -> None:
    """Stripe, "Dispute object": a charge has several where parts of it are disputed."""
    dispute = disputed(sim, api, amount=2_500)
    charge = str(dispute.charge)
    with pytest.raises(AssertionError, match="between 1 and 7500"):
        sim.control("POST", "/_sim/disputes", {"charge": charge, "amount": 7_501})
    sim.control("POST", "/_sim/disputes", {"charge": charge})
    with pytest.raises(AssertionError, match="cannot be disputed"):
        sim.control("POST", "/_sim/disputes", {"charge": charge, "amount": 1})
    sim.control("POST", f"/_sim/disputes/{dispute.id}", {"outcome": "won"})
    sim.control("POST", "/_sim/disputes", {"charge": charge})
    found = api.disputes.list({"charge": charge}).data
    assert sorted(one.amount for one in found) == [2_500, 2_500, 7_500]


def test_of_a_charge_that_was_lost_in_part_nothing_is_refunded(
    sim: SimulatedStripe, api: stripe.V1Services
) -> None:
    dispute = disputed(sim, api, amount=2_500)
    charge = str(dispute.charge)
    sim.control("POST", f"/_sim/disputes/{dispute.id}", {"outcome": "lost"})
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        api.refunds.create({"charge": charge, "amount": 100})
    assert refusal.value.code == "charge_disputed"


def test_evidence_is_staged_then_submitted(sim: SimulatedStripe, api: stripe.V1Services) -> None:
    dispute, contract = disputed(sim, api), uploaded(api)
    staged = api.disputes.update(
        dispute.id,
        {
            "evidence": {"service_documentation": contract.id, "product_description": "A shoot"},
            "submit": False,
        },
    )
    assert (staged.status, staged.evidence_details.has_evidence) == ("needs_response", True)
    assert staged.evidence_details.submission_count == 0
    assert staged.evidence.service_documentation == contract.id
    sent = api.disputes.update(dispute.id, {"submit": True})
    assert (sent.status, sent.evidence_details.submission_count) == ("under_review", 1)
    with pytest.raises(stripe.InvalidRequestError):
        api.disputes.update(dispute.id, {"evidence": {"product_description": "Another"}})
    assert api.disputes.retrieve(dispute.id).evidence.product_description == "A shoot"
    assert sim.event_types() == ["charge.dispute.updated", "charge.dispute.updated"]


def test_evidence_is_a_file_that_was_uploaded_for_it(sim: SimulatedStripe, api: stripe.V1Services) -> None:
    dispute = disputed(sim, api)
    signature = uploaded(api, purpose="customer_signature")
    for wrong in ("file_nothing", signature.id):
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            api.disputes.update(dispute.id, {"evidence": {"receipt": wrong}})
        assert refusal.value.param == "evidence[receipt]"
    assert not api.disputes.retrieve(dispute.id).evidence_details.has_evidence


def test_a_file_is_kept(sim: SimulatedStripe, api: stripe.V1Services) -> None:
    file = uploaded(api)
    assert (file.filename, file.size, file.type) == ("contract.pdf", len(_PDF), "pdf")
    assert api.files.retrieve(file.id).purpose == "dispute_evidence"
    assert [one.id for one in api.files.list({"purpose": "dispute_evidence"}).data] == [file.id]
    request = sim.requests[0]
    assert isinstance(request["params"], dict)
    assert str(request["params"]["file"]).startswith("contract.pdf sha256:")


@pytest.mark.parametrize(
    ("content", "purpose", "param"),
    [
        (b"", "dispute_evidence", "file"),
        (b"MZ", "dispute_evidence", "file"),
        (b"%PDF-" + b"x" * 5 * 1024 * 1024, "dispute_evidence", "file"),
        (_PDF, "fun", "purpose"),
    ],
)
def test_what_is_no_evidence_is_refused(
    content: bytes, purpose: str, param: str, api: stripe.V1Services
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        uploaded(api, content, purpose)
    assert refusal.value.param == param
    assert api.files.list().data == []


def test_who_says_nothing_loses(clock: MovingClock, sim: SimulatedStripe, api: stripe.V1Services) -> None:
    dispute = disputed(sim, api)
    clock.advance(days=8, hours=23)
    assert api.disputes.retrieve(dispute.id).status == "needs_response"
    clock.advance(hours=2)
    lost = api.disputes.retrieve(dispute.id)
    assert (lost.status, lost.evidence_details.past_due) == ("lost", True)
    assert sim.event_types() == ["charge.dispute.updated", "charge.dispute.closed"]
    assert sum(one.net for one in lost.balance_transactions) == -11_500


def test_an_inquiry_takes_no_money(sim: SimulatedStripe, api: stripe.V1Services) -> None:
    charge = charge_of(captured(api, "pm_card_createDisputeInquiry"))
    (inquiry,) = api.disputes.list({"charge": charge.id}).data
    assert (inquiry.status, inquiry.balance_transactions) == ("warning_needs_response", [])
    assert inquiry.is_charge_refundable
    closed = api.disputes.close(inquiry.id)
    assert closed.status == "warning_closed"
    assert api.refunds.create({"charge": charge.id}).status == "succeeded"


def test_an_inquiry_becomes_a_dispute(sim: SimulatedStripe, api: stripe.V1Services) -> None:
    inquiry = disputed(sim, api, inquiry=True)
    escalated = api.disputes.update(
        inquiry.id, {"evidence": {"uncategorized_text": "escalate_inquiry_evidence"}}
    )
    assert escalated.status == "needs_response"
    assert escalated.balance_transactions[0].net == -11_500
    assert sim.event_types() == [
        "charge.dispute.updated",
        "charge.dispute.updated",
        "charge.dispute.funds_withdrawn",
    ]
    with pytest.raises(AssertionError, match="open inquiry"):
        sim.control("POST", f"/_sim/disputes/{inquiry.id}", {"outcome": "escalated"})


def test_what_was_refunded_during_an_inquiry_is_not_taken_again(
    sim: SimulatedStripe, api: stripe.V1Services
) -> None:
    inquiry = disputed(sim, api, inquiry=True)
    api.refunds.create({"charge": str(inquiry.charge), "amount": 4_000})
    sim.control("POST", f"/_sim/disputes/{inquiry.id}", {"outcome": "escalated"})
    escalated = api.disputes.retrieve(inquiry.id)
    assert (escalated.amount, escalated.balance_transactions[0].net) == (6_000, -7_500)
    refunded = disputed(sim, api, inquiry=True)
    api.refunds.create({"charge": str(refunded.charge)})
    with pytest.raises(AssertionError, match="nothing to dispute"):
        sim.control("POST", f"/_sim/disputes/{refunded.id}", {"outcome": "escalated"})
    assert api.disputes.retrieve(refunded.id).balance_transactions == []


def test_an_inquiry_that_nobody_escalates_ends(
    clock: MovingClock, sim: SimulatedStripe, api: stripe.V1Services
) -> None:
    inquiry = disputed(sim, api, inquiry=True)
    clock.advance(days=120)
    assert api.disputes.retrieve(inquiry.id).status == "warning_closed"


def test_losing_evidence_loses(sim: SimulatedStripe, api: stripe.V1Services) -> None:
    dispute = disputed(sim, api)
    lost = api.disputes.update(dispute.id, {"evidence": {"uncategorized_text": "losing_evidence"}})
    assert lost.status == "lost"
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        api.disputes.update(dispute.id, {"evidence": {"uncategorized_text": "winning_evidence"}})
    assert refusal.value.code == "dispute_already_closed"
