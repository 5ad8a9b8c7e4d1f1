"""From the webhook through the queue to the booking, as the Lambdas run, with Stripe's answers below the real SDK."""

from collections.abc import Iterator
from datetime import UTC, datetime
from unittest.mock import patch

import pytest
import stripe

from callsheet.bookings.model import BookingView
from callsheet.kernel.ids import new_id
from callsheet.payments.model import PaymentStatus
from functions.payments import apply_stripe_event, check_payment
from tests.functional.payments.webhooks import a_refund_event, an_event, as_record, deliver, queued
from tests.support.stage import Stage
from tests.unit.gateways.canned import Canned, CannedStripe, a_charge, an_error, an_intent, ok

DONE: dict[str, list[dict[str, str]]] = {"batchItemFailures": []}
NOT_DONE = {"batchItemFailures": [{"itemIdentifier": "m1"}]}


@pytest.fixture
def wire() -> Iterator[CannedStripe]:
    """What the handlers' own gateways speak over."""
    canned = CannedStripe()
    with patch.object(stripe, "default_http_client", canned):
        yield canned


@pytest.fixture
def booking(stage: Stage) -> BookingView:
    """A booking that is not paid for yet."""
    stage.clock.moment = datetime.now(UTC)  # the handlers' clock is the machine's
    return stage.book(stage.command(method=None))


def paid(booking: BookingView) -> Canned:
    charge = a_charge(payment_method_details=None)
    return ok(an_intent(status="requires_capture", latest_charge=charge, metadata={"subject": booking.id}))


def test_a_webhook_authorises_its_booking_with_one_call_to_stripe(
    queue: str, stage: Stage, wire: CannedStripe, booking: BookingView
) -> None:
    wire.answers = [paid(booking)]
    deliver(an_event(metadata={"subject": booking.id}))
    (message,) = queued(queue)
    assert apply_stripe_event.handler(as_record(message), None) == DONE
    assert stage.case(booking).payment.status is PaymentStatus.AUTHORIZED
    assert [(sent.method, sent.path) for sent in wire.sent] == [("GET", "/v1/payment_intents/pi_1")]


def test_the_same_webhook_five_times_is_one_call_to_stripe(
    queue: str, wire: CannedStripe, booking: BookingView
) -> None:
    wire.answers = [paid(booking)]
    for _ in range(5):
        deliver(an_event(metadata={"subject": booking.id}))
    for message in queued(queue):
        assert apply_stripe_event.handler(as_record(message), None) == DONE
    assert len(wire.sent) == 1


def test_a_refund_made_elsewhere_finds_its_booking_through_the_intent(
    queue: str, wire: CannedStripe, booking: BookingView
) -> None:
    wire.answers = [paid(booking), paid(booking)]
    deliver(a_refund_event())
    (message,) = queued(queue)
    assert apply_stripe_event.handler(as_record(message), None) == DONE
    assert len(wire.sent) == 2


def test_while_stripe_is_away_the_message_goes_back(
    queue: str, wire: CannedStripe, booking: BookingView
) -> None:
    wire.answers = [an_error(503, "api_error")] * 2
    deliver(an_event(metadata={"subject": booking.id}))
    (message,) = queued(queue)
    assert apply_stripe_event.handler(as_record(message), None) == NOT_DONE


def test_a_message_without_a_payload_goes_to_the_dead_letters(tables: None, wire: CannedStripe) -> None:
    message = {"id": "evt_1", "detail-type": "stripe.x", "detail": {"event_id": "evt_1"}}
    assert apply_stripe_event.handler(as_record(message), None) == NOT_DONE
    assert wire.sent == []


def a_check(subject: str) -> dict[str, list[dict[str, str]]]:
    due_at = datetime.now(UTC).isoformat()
    detail: dict[str, object] = {"kind": "payment.check", "subject": subject, "due_at": due_at}
    return as_record({"id": "bus-1", "detail-type": "due.payment.check", "detail": detail})


def test_a_payment_whose_webhook_never_came_is_found_by_its_check(
    stage: Stage, wire: CannedStripe, booking: BookingView
) -> None:
    wire.answers = [paid(booking)]
    assert check_payment.handler(a_check(booking.id), None) == DONE
    assert stage.case(booking).payment.status is PaymentStatus.AUTHORIZED
    assert len(wire.sent) == 1


def test_a_check_of_no_booking_goes_to_the_dead_letters(tables: None, wire: CannedStripe) -> None:
    assert check_payment.handler(a_check(new_id("bkg")), None) == NOT_DONE
    assert wire.sent == []
