"""What was once wrong, each with its story."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import cast
from unittest.mock import patch

import pytest

from callsheet.bookings.accept_booking import accept_booking
from callsheet.bookings.apply_deadline import Applied, Deadline, apply_deadline
from callsheet.bookings.case import load_case
from callsheet.bookings.complete_booking import complete_booking
from callsheet.bookings.converge_payment import converge_payment
from callsheet.bookings.create_booking import create_booking
from callsheet.bookings.errors import AcceptanceWindowClosed
from callsheet.bookings.get_timeline import get_timeline
from callsheet.bookings.model import ReportProblem, TimelineEntry
from callsheet.bookings.report_problem import report_problem
from callsheet.bookings.rules import BookingStatus, CancelReason
from callsheet.gateways.declines import DeclineReason
from callsheet.gateways.errors import IntentRefused, PaymentDeclined, PaymentsUnavailable
from callsheet.gateways.payments import Intent, Order
from callsheet.kernel.errors import Forbidden, IllegalTransition, NotFound
from callsheet.kernel.ids import new_id
from callsheet.kernel.page import PageQuery
from callsheet.kernel.principal import Principal, RequestKey, Role
from callsheet.ledger.list_entries import list_entries
from callsheet.payments.model import PaymentStatus
from callsheet.platform.table import connection, utc_key
from tests.support.cloud import ENVIRONMENT
from tests.support.payments import FakePayments
from tests.support.stage import Stage, due_items, somebody, stripe
from tests.support.truths import all_bookings, check_at_rest


def test_a_refund_whose_answer_was_lost_is_found_a_week_later_and_not_made_again(stage: Stage) -> None:
    booking = stage.accepted(in_hours=100)
    stage.fake.is_away = True
    stage.cancel(booking)
    stage.fake.is_away = False
    asked = stage.case(booking).payment.in_flight
    assert asked is not None
    assert asked.amount is not None
    assert asked.refund_id is not None
    stage.fake.refund(stage.intent_id(booking), asked.amount, asked.refund_id)
    stage.fake.calls.clear()
    stage.advance(hours=7 * 24)
    assert "refund" not in stage.fake.calls
    assert stage.case(booking).payment.status is PaymentStatus.PARTIALLY_REFUNDED
    check_at_rest(stage)


@contextmanager
def reading_as_it_was(booking: Mapping[str, object]) -> Iterator[None]:
    """The next batch read sees the booking as it was and the payment as it is: a batch read is no snapshot."""
    client, pending = connection().client, [booking]
    call = cast("Callable[[str, dict[str, object]], dict[str, object]]", client._make_api_call)

    def skewed(operation: str, arguments: dict[str, object]) -> dict[str, object]:
        answer = call(operation, arguments)
        if operation == "BatchGetItem" and pending:
            tables = cast("dict[str, list[object]]", answer["Responses"])
            tables[ENVIRONMENT["TABLE_BOOKINGS"]] = [pending.pop()]
        return answer

    with patch.object(client, "_make_api_call", skewed):
        yield


def test_a_claim_made_on_a_booking_read_before_its_cancellation_does_not_capture(stage: Stage) -> None:
    booking = stage.book()
    before = load_case(booking.id).stored_booking.serialize()
    stage.fake.is_away = True  # so that the void is still in flight
    stage.cancel(booking)
    stage.fake.is_away = False
    with reading_as_it_was(before), pytest.raises(IllegalTransition):
        accept_booking(booking.id, stage.pavel.user, stage.deps)
    assert "capture" not in stage.fake.calls
    stage.advance(minutes=3)
    check_at_rest(stage)


class CustomerGone(FakePayments):
    """Somebody deleted the first customer at Stripe."""

    def authorize(self, order: Order) -> Intent:
        if order.customer_id == "cus_gone":
            raise IntentRefused(DeclineReason.PROCESSING_ERROR, is_customer_gone=True)
        return super().authorize(order)

    def create_customer(self, user_id: str) -> str:
        name = super().create_customer(user_id)
        return "cus_gone" if self.calls.count("create_customer") == 1 else name


def test_a_customer_deleted_at_stripe_ends_one_booking_and_not_the_next(stage: Stage) -> None:
    deps = stage.deps_with(CustomerGone(stage.clock.now))
    with pytest.raises(PaymentDeclined):
        create_booking(stage.command(), stage.carla, deps)
    (booking,) = all_bookings().values()
    assert booking.status is BookingStatus.CANCELLED
    assert create_booking(stage.command(), stage.carla, deps).payment.status is PaymentStatus.AUTHORIZED


def test_a_void_of_what_was_never_made_ends(stage: Stage) -> None:
    stage.fake.is_away = True
    with pytest.raises(PaymentsUnavailable):
        stage.book(stage.command(method="pm_nothing"))
    (booking,) = all_bookings().values()
    stage.advance(minutes=40)
    stage.fake.is_away = False
    stage.advance(minutes=10)
    case = stage.case(booking.id)
    assert (case.booking.status, case.payment.status) == (BookingStatus.CANCELLED, PaymentStatus.VOIDED)
    check_at_rest(stage)


def test_a_refund_that_a_dispute_overtook_is_the_dispute_s(stage: Stage) -> None:
    booking = stage.accepted(in_hours=100)
    stage.fake.is_away = True
    stage.cancel(booking)
    stage.fake.is_away = False
    stage.fake.dispute(stage.intent_id(booking))
    stage.advance(minutes=5)
    payment = stage.case(booking).payment
    assert (payment.status, payment.in_flight) == (PaymentStatus.DISPUTED, None)
    check_at_rest(stage)


def test_a_dispute_whose_webhook_was_lost_is_heard_of_when_silence_accepts(stage: Stage) -> None:
    booking = stage.accepted()
    stage.fake.dispute(stage.intent_id(booking))
    stage.advance(hours=1000)
    assert stage.case(booking).payment.status is PaymentStatus.DISPUTED
    assert stage.case(booking).booking.status is BookingStatus.COMPLETED


class FeeLater(FakePayments):
    """Stripe books the charge a moment after it is captured."""

    def capture(self, intent_id: str, payment_id: str) -> Intent:
        return replace(super().capture(intent_id, payment_id), fee=None)


def test_stripe_s_fee_is_posted_when_it_is_known_and_once(stage: Stage) -> None:
    stage.fake = FeeLater(stage.clock.now)
    stage.deps = stage.deps_with(stage.fake)
    booking = stage.accepted()
    assert [entry.cause for entry in list_entries(booking.id).items] == ["capture"]
    for _ in range(2):
        converge_payment(booking.id, stripe(), stage.deps)
    assert sorted(entry.cause for entry in list_entries(booking.id).items) == ["capture", "processing"]
    check_at_rest(stage)


def test_the_timeline_hides_what_the_views_hide(stage: Stage) -> None:
    with pytest.raises(PaymentDeclined):
        stage.book(stage.command(method="pm_card_chargeDeclinedInsufficientFunds"))
    (booking,) = all_bookings()
    assert _told(stage, booking, stage.carla, "payment.failed")["reason"] == "insufficient_funds"
    assert "reason" not in _told(stage, booking, stage.pavel.user, "payment.failed")
    assert _told(stage, booking, stage.pavel.user, "booking.cancelled")["reason"] == "payment_failed"
    done = stage.accepted()
    stage.advance(hours=75)
    complete_booking(done.id, stage.adele, stage.deps)
    assert "provider_net" not in _told(stage, done.id, stage.carla, "booking.completed")
    assert "provider_net" in _told(stage, done.id, stage.pavel.user, "booking.completed")
    (seen,) = [one for one in _timeline(stage, done.id, stage.carla) if one.name == "booking.completed"]
    assert (seen.actor_type, seen.actor_id) == ("staff", "staff")
    (seen,) = [one for one in _timeline(stage, done.id, stage.adele) if one.name == "booking.completed"]
    assert seen.actor_id == stage.adele.id


def test_an_admin_who_is_the_client_has_the_policy_of_a_client(stage: Stage) -> None:
    stage.carla = somebody(Role.CLIENT, Role.ADMIN)
    booking = stage.accepted(in_hours=30)
    stage.advance(hours=29)
    with pytest.raises(Forbidden):
        stage.cancel(booking, refund_percent=100, reason="It is mine")
    ended = stage.cancel(booking)
    assert ended.cancellation is not None
    assert ended.cancellation.reason is CancelReason.CLIENT
    assert ended.cancellation.refund is not None
    assert ended.cancellation.refund.amount_minor == 0


def test_a_problem_is_not_heard_of_after_the_window_even_before_anybody_has_swept(stage: Stage) -> None:
    booking = stage.accepted()
    stage.clock.moment += timedelta(hours=74 + 48, seconds=1)
    with pytest.raises(AcceptanceWindowClosed):
        report_problem(ReportProblem(booking_id=booking.id, description="Late"), stage.carla, stage.deps)
    stage.sweep()
    assert stage.case(booking).booking.status is BookingStatus.COMPLETED


def test_a_reminder_that_comes_twice_arranges_one_more(stage: Stage) -> None:
    booking = stage.accepted()
    stage.advance(hours=75)
    report_problem(ReportProblem(booking_id=booking.id, description="No"), stage.carla, stage.deps)
    stage.clock.moment += timedelta(hours=73)
    for _ in range(2):
        assert apply_deadline(Deadline.PROBLEM, booking.id, stripe(), stage.deps) is Applied.OVERDUE
    later = stage.clock.now() + timedelta(hours=100)
    reminders = [
        item
        for item in due_items(later)
        if item.kind == Deadline.PROBLEM and item.due_at > utc_key(stage.clock.now())
    ]
    assert len(reminders) == 1


def test_a_refused_card_is_told_as_such_even_where_the_void_finds_nobody(stage: Stage) -> None:
    class AwayForVoids(FakePayments):
        def cancel(self, intent_id: str, payment_id: str) -> Intent:
            raise PaymentsUnavailable

    deps = stage.deps_with(AwayForVoids(stage.clock.now))
    caller = replace(stage.carla, request_key=RequestKey("key", "body"))
    for _ in range(2):
        with pytest.raises(PaymentDeclined):
            create_booking(stage.command(method="pm_card_chargeDeclined"), caller, deps)


def test_nobody_is_booked_for_who_does_not_exist(stage: Stage) -> None:
    command = stage.command().model_copy(update={"client_id": new_id("usr")})
    with pytest.raises(NotFound):
        create_booking(command, stage.adele, stage.deps)
    assert stage.fake.calls == []


def _timeline(stage: Stage, booking_id: str, caller: Principal) -> tuple[TimelineEntry, ...]:
    return get_timeline(booking_id, PageQuery(limit=100), caller, stage.deps).items


def _told(stage: Stage, booking_id: str, caller: Principal, name: str) -> dict[str, object]:
    (entry,) = [one for one in _timeline(stage, booking_id, caller) if one.name == name]
    return entry.payload
