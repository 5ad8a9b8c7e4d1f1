"""Disputes as the Lambdas run them: Stripe's webhooks through the queue, staff over HTTP, the daily look."""

from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import stripe

from callsheet.bookings.converge_payment import converge_payment
from callsheet.bookings.list_disputes import list_disputes
from callsheet.bookings.model import BookingView
from callsheet.kernel.ids import new_id
from callsheet.kernel.money import Money
from callsheet.ledger.get_trial_balance import get_trial_balance
from callsheet.payments.disputes import Disputes
from callsheet.payments.model import PaymentStatus
from callsheet.platform.records import EventItem
from functions.documents import hand_in_evidence
from functions.payments import apply_stripe_event, check_disputes
from local.stripe_sim.shapes import text_of
from tests.functional.payments.webhooks import as_record, deliver, queued
from tests.support.earning import completed
from tests.support.gateway import Answer, Caller
from tests.support.market import Market
from tests.support.stage import Stage
from tests.support.stage import stripe as by_stripe
from tests.unit.gateways.canned import CannedStripe, a_charge, an_intent, ok

DONE: dict[str, list[dict[str, str]]] = {"batchItemFailures": []}
NOT_DONE = {"batchItemFailures": [{"itemIdentifier": "m1"}]}
SVEN = Caller(groups=("support",))
WORDS = {"notes": "The session took place.", "reason": "Downloaded"}


def accepted(market: Market) -> dict[str, object]:
    booking = market.book()
    assert market.as_pavel(booking, "accept").status == 200
    market.stripe.event_types()  # what was heard before
    return booking


def hear(market: Market, queue: str) -> None:
    """Every webhook since the last time, twice and in reverse."""
    for payload, _ in reversed(market.stripe.deliveries() * 2):
        assert deliver(payload).status == 200  # signed with the stage's secret
    for message in queued(queue):
        assert apply_stripe_event.handler(as_record(message), None) == DONE


def dispute_of(market: Market, booking: dict[str, object]) -> dict[str, object]:
    answer = market.api.call("GET", f"/v1/admin/bookings/{booking['id']}/disputes", user=SVEN)
    assert answer.status == 200
    return Disputes.model_validate(answer.json()).items[0].model_dump(mode="json")


def answered(market: Market, booking: dict[str, object], dispute_id: object, user: Caller = SVEN) -> Answer:
    path = f"/v1/admin/bookings/{booking['id']}/disputes/{dispute_id}/evidence"
    return market.post(path, WORDS, user=user)


def balances() -> dict[str, int]:
    return {one.account: one.balance_minor for one in get_trial_balance().accounts if one.balance_minor}


def test_webhooks_staff_and_the_bank_bring_a_dispute_to_its_end(market: Market, queue: str) -> None:
    booking = accepted(market)
    (charge,) = market.stripe.simulator.world.kept("charge").values()
    market.stripe.dispute(text_of(charge, "id"), "product_not_received")
    hear(market, queue)
    dispute = dispute_of(market, booking)
    assert (dispute["status"], dispute["reason"]) == ("needs_response", "product_not_received")
    assert (balances()["stripe:disputed"], balances()["expense:chargebacks"]) == (10_000, 1_500)
    answer = answered(market, booking, dispute["id"])
    assert answer.status == 202, answer.body
    assert answered(market, booking, dispute["id"]).json() == answer.json()
    (event,) = [
        item.document
        for item in EventItem.query(str(booking["id"]))
        if item.document.name == "dispute.evidence_prepared"
    ]
    heard = {"id": "bus-1", "detail-type": event.name, "detail": event.model_dump(mode="json")}
    for _ in range(2):
        assert hand_in_evidence.handler(as_record(heard), None) == DONE
    hear(market, queue)
    assert dispute_of(market, booking)["status"] == "under_review"
    market.stripe.control("POST", f"/_sim/disputes/{dispute['id']}", {"outcome": "won"})
    hear(market, queue)
    assert dispute_of(market, booking)["status"] == "won"
    assert balances().keys().isdisjoint({"stripe:disputed", "expense:chargebacks"})
    seen = market.api.call("GET", f"/v1/bookings/{booking['id']}", user=market.carla).json()
    assert BookingView.model_validate(seen).payment.status is PaymentStatus.CAPTURED


def test_disputes_are_staffs_to_see_and_to_answer(market: Market) -> None:
    booking = accepted(market)
    path = f"/v1/admin/bookings/{booking['id']}/disputes"
    for user in (market.carla, market.pavel):
        assert market.api.call("GET", path, user=user).status == 403
        assert answered(market, booking, "dp_1", user).status == 403
    nowhere: dict[str, object] = {"id": new_id("bkg")}
    assert answered(market, nowhere, "dp_1").status == 404
    missing = answered(market, booking, "dp_1")
    assert (missing.status, missing.json()["code"]) == (404, "dispute_not_found")
    assert market.post(f"{path}/dp_1/evidence", {"notes": "?"}, user=SVEN).status == 400
    assert market.stripe.simulator.world.kept("file") == {}


def test_a_dispute_that_nobody_answers_goes_to_the_dead_letters(stage: Stage) -> None:
    stage.clock.moment = datetime.now(UTC) - timedelta(days=10)
    booking = completed(stage)
    dispute_id = stage.fake.dispute(stage.intent_id(booking), Money.of(2000, "USD"))
    converge_payment(booking.id, by_stripe(), stage.deps)
    (dispute,) = list_disputes(booking.id).items
    due_at = int((dispute.evidence_due_at or stage.clock.now()).timestamp())
    found = {
        "id": dispute_id, "object": "dispute", "amount": 2000, "currency": "usd", "reason": "general",
        "status": "needs_response", "created": due_at, "evidence_details": {"due_by": due_at},
        "balance_transactions": [], "metadata": {},
    }  # fmt: skip
    listed = {"object": "list", "data": [found], "has_more": False, "url": "/v1/disputes"}
    charge = a_charge(disputed=True, payment_method_details=None)
    wire = CannedStripe(ok(an_intent(status="succeeded", latest_charge=charge)), ok(listed))
    detail: dict[str, object] = {
        "kind": "dispute.check",
        "subject": booking.id,
        "due_at": stage.clock.now().isoformat(),
    }
    message = {"id": "bus-1", "detail-type": "due.dispute.check", "detail": detail}
    with patch.object(stripe, "default_http_client", wire):
        assert check_disputes.handler(as_record(message), None) == NOT_DONE
    (kept,) = list_disputes(booking.id).items
    assert kept.woken_at is not None
