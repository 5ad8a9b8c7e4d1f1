"""Our gateway of disputes over the simulator: the port of `gateways/disputes.py` on Stripe's wire."""

import pytest
import stripe

from callsheet.gateways.disputes import DisputeReason, DisputeStatus, Evidence, EvidenceRefused, FoundDispute
from callsheet.gateways.stripe_disputes import StripeDisputes
from callsheet.kernel.money import Money
from tests.functional.stripe_sim.payments import captured, charge_of
from tests.support.stripe import SimulatedStripe

PDF = b"%PDF-1.7\r\n\r\nsigned \xff\xfe"
FULL, FEE = Money.of(10_000, "USD"), Money.of(1_500, "USD")


@pytest.fixture
def gateway(tables: None, sim: SimulatedStripe) -> StripeDisputes:
    return StripeDisputes(http_client=sim)


@pytest.fixture
def charge(api: stripe.V1Services) -> stripe.Charge:
    return charge_of(captured(api))


def the_dispute(gateway: StripeDisputes, charge: stripe.Charge) -> FoundDispute:
    (found,) = gateway.disputes_of(str(charge.payment_intent))
    return found


def answered(gateway: StripeDisputes, dispute_id: str, words: str, key: str = "dp/evidence") -> None:
    evidence = Evidence(
        product_description="Portraits",
        service_date="2026-05-01",
        cancellation_policy="All of it",
        refund_policy="Half of it",
        words=words,
        file_id=gateway.upload(PDF, "evidence.pdf", f"{key}/file"),
    )
    gateway.submit_evidence(dispute_id, evidence, key)


def test_a_dispute_says_what_it_took_and_what_came_back(
    sim: SimulatedStripe, gateway: StripeDisputes, charge: stripe.Charge
) -> None:
    assert gateway.disputes_of(str(charge.payment_intent)) == ()
    sim.dispute(charge.id, "product_not_received")
    found = the_dispute(gateway, charge)
    assert (found.status, found.reason) == (DisputeStatus.NEEDS_RESPONSE, DisputeReason.PRODUCT_NOT_RECEIVED)
    assert found.withdrawn is not None
    assert (found.withdrawn.amount, found.withdrawn.fee, found.reinstated) == (FULL, FEE, None)
    answered(gateway, found.id, "winning_evidence")
    won = the_dispute(gateway, charge)
    assert (won.status, won.reinstated) == (DisputeStatus.WON, found.withdrawn)


def test_evidence_goes_in_once_and_its_repeat_is_the_same(
    sim: SimulatedStripe, gateway: StripeDisputes, charge: stripe.Charge, api: stripe.V1Services
) -> None:
    sim.dispute(charge.id)
    found = the_dispute(gateway, charge)
    for _ in range(2):
        answered(gateway, found.id, "The session took place.")
    assert the_dispute(gateway, charge).status is DisputeStatus.UNDER_REVIEW
    kept = api.disputes.retrieve(found.id)
    assert (kept.evidence_details.submission_count, len(api.files.list().data)) == (1, 1)
    sim.advance(hours=25)  # keys are forgotten
    answered(gateway, found.id, "The session took place.")
    with pytest.raises(EvidenceRefused):
        answered(gateway, found.id, "Something else.", "dp/other")


def test_an_inquiry_takes_no_money(
    sim: SimulatedStripe, gateway: StripeDisputes, charge: stripe.Charge
) -> None:
    sim.control("POST", "/_sim/disputes", {"charge": charge.id, "inquiry": True})
    found = the_dispute(gateway, charge)
    assert (found.status, found.moves) == (DisputeStatus.INQUIRY, ())
