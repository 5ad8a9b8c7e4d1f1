"""An event points at a payment; what has happened to it Stripe says. Each event has its effect once."""

import pytest

from callsheet.bookings.converge_payment import converge_payment
from callsheet.bookings.model import BookingView
from callsheet.bookings.rules import BookingStatus
from callsheet.connect.converge_account import converge_account_at_stripe
from callsheet.gateways.errors import PaymentsUnavailable
from callsheet.kernel.ids import new_id
from callsheet.kernel.principal import ActorType, Principal
from callsheet.payments.apply_stripe_event import CONSUMER, Converging, apply_stripe_event
from callsheet.payments.model import PaymentStatus
from callsheet.payments.stripe_events import Concern
from callsheet.platform.records import InboxItem
from callsheet.platform.transaction import AlreadyConsumed
from callsheet.transfers.converge_payout import converge_payout
from tests.support.calls import calls
from tests.support.stage import Stage

CALLER = Principal(CONSUMER, ActorType.SYSTEM, correlation_id="c-1")


def applied(stage: Stage, concern: Concern, event_id: str = "evt_1") -> None:
    converge = Converging(
        booking=lambda booking_id: converge_payment(booking_id, CALLER, stage.deps),
        account=lambda account_id: converge_account_at_stripe(account_id, CALLER, stage.connect),
        payout=lambda account_id, payout_id: converge_payout(account_id, payout_id, CALLER, stage.payouts),
    )
    apply_stripe_event(event_id, concern, CALLER, stage.deps, converge)


def paid_at_the_form(stage: Stage) -> BookingView:
    """A booking whose client has paid, and of which only Stripe knows."""
    booking = stage.book(stage.command(method=None))
    stage.fake.confirm(stage.intent_id(booking))
    stage.fake.calls.clear()
    return booking


def about(booking: BookingView) -> Concern:
    return Concern(type="payment_intent.amount_capturable_updated", subject=booking.id, intent_id="pi_1")


def inbox(event_id: str = "evt_1") -> list[InboxItem]:
    return list(InboxItem.query(f"INBOX#{CONSUMER}", InboxItem.sk == event_id))


def test_an_event_moves_its_booking_to_where_stripe_says_it_is(stage: Stage) -> None:
    booking = paid_at_the_form(stage)
    applied(stage, about(booking))
    assert stage.case(booking).payment.status is PaymentStatus.AUTHORIZED
    assert len(inbox()) == 1
    assert stage.fake.calls == ["intent"]


def test_the_second_time_it_is_a_duplicate_without_a_call_to_stripe(stage: Stage) -> None:
    booking = paid_at_the_form(stage)
    applied(stage, about(booking))
    stage.fake.calls.clear()
    with calls() as made, pytest.raises(AlreadyConsumed):
        applied(stage, about(booking))
    assert (made, stage.fake.calls) == (["BatchGetItem"], [])


def test_what_the_event_claims_is_not_believed(stage: Stage) -> None:
    booking = stage.book(stage.command(method=None))
    applied(stage, Concern(type="payment_intent.succeeded", subject=booking.id, intent_id="pi_1"))
    case = stage.case(booking)
    assert case.payment.status is PaymentStatus.REQUIRES_PAYMENT
    assert case.booking.status is BookingStatus.PENDING


def test_order_and_repetition_do_not_matter(stage: Stage) -> None:
    booking = paid_at_the_form(stage)
    for event_id in ("evt_3", "evt_1", "evt_2"):
        applied(stage, about(booking), event_id)
    assert stage.case(booking).payment.status is PaymentStatus.AUTHORIZED


def test_while_stripe_is_away_the_event_is_not_consumed(stage: Stage) -> None:
    booking = paid_at_the_form(stage)
    stage.fake.is_away = True
    with pytest.raises(PaymentsUnavailable):
        applied(stage, about(booking))
    assert inbox() == []
    stage.fake.is_away = False
    applied(stage, about(booking))
    assert stage.case(booking).payment.status is PaymentStatus.AUTHORIZED


def test_a_crash_before_the_note_repeats_the_work_and_changes_nothing(stage: Stage) -> None:
    booking = paid_at_the_form(stage)
    converge_payment(booking.id, CALLER, stage.deps)
    before = stage.case(booking).payment
    applied(stage, about(booking))
    assert stage.case(booking).payment == before
    assert len(inbox()) == 1


def test_the_subject_is_asked_of_the_intent_where_the_event_does_not_name_it(stage: Stage) -> None:
    booking = paid_at_the_form(stage)
    intent_id = stage.intent_id(booking)
    stage.fake.intents[intent_id] = stage.fake.intents[intent_id].__replace__(subject=booking.id)
    applied(stage, Concern(type="refund.updated", intent_id=intent_id))
    assert stage.case(booking).payment.status is PaymentStatus.AUTHORIZED


def test_an_intent_that_our_key_does_not_know_has_no_effect_and_comes_once(stage: Stage) -> None:
    applied(stage, Concern(type="refund.updated", intent_id="pi_of_another_account"))
    assert len(inbox()) == 1
    assert stage.fake.calls == ["intent"]


@pytest.mark.parametrize("subject", [None, "order-77", new_id("bkg"), new_id("usr")])
def test_what_is_not_ours_has_no_effect_and_comes_once(stage: Stage, subject: str | None) -> None:
    applied(stage, Concern(type="charge.refunded", subject=subject))
    assert len(inbox()) == 1
    assert stage.fake.calls == []
