"""The life of a booking through its use cases, with real tables and a provider of payments in memory."""

from datetime import timedelta

import pytest

from callsheet.bookings.accept_booking import accept_booking
from callsheet.bookings.converge_payment import converge_payment
from callsheet.bookings.errors import (
    AuthorizationExpired,
    CaptureUnderWay,
    OwnServices,
    PaymentNotAuthorized,
    ProblemOpen,
    ProviderNotFound,
    RequestLapsed,
    SessionNotOver,
    SessionNotStarted,
    SessionOver,
)
from callsheet.bookings.get_booking import get_booking
from callsheet.bookings.get_timeline import get_timeline
from callsheet.bookings.model import BookingView, CreateBooking, ReportProblem
from callsheet.bookings.report_problem import report_problem
from callsheet.bookings.rules import BookingStatus, CancelReason
from callsheet.calendar.errors import SlotTaken
from callsheet.catalogue.errors import ServiceNotFound
from callsheet.gateways.errors import InvalidPaymentMethod, PaymentDeclined, PaymentsUnavailable
from callsheet.gateways.payments import IntentStatus
from callsheet.kernel.errors import Forbidden, IllegalTransition, InvalidRequest, NotFound
from callsheet.kernel.ids import new_id
from callsheet.kernel.page import PageQuery
from callsheet.kernel.principal import Role
from callsheet.ledger.list_entries import list_entries
from callsheet.payments.model import PaymentStatus
from tests.support.stage import Stage, a_provider, somebody, stripe
from tests.support.truths import all_bookings, check_always, check_at_rest


def names(stage: Stage, booking: BookingView) -> list[str]:
    timeline = get_timeline(booking.id, PageQuery(limit=100), stage.carla, stage.deps)
    return [entry.name for entry in timeline.items]


def test_a_booking_is_requested_paid_accepted_held_and_completed(stage: Stage) -> None:
    booking = stage.book()
    assert (booking.status, booking.payment.status) == (BookingStatus.PENDING, PaymentStatus.AUTHORIZED)
    assert (booking.amount, booking.total.amount_minor) == (100, 10_000)
    accepted = stage.accept(booking)
    assert (accepted.status, accepted.payment.status) == (BookingStatus.ACCEPTED, PaymentStatus.CAPTURED)
    check_at_rest(stage)
    stage.advance(hours=73)
    with pytest.raises(SessionNotOver):
        stage.complete(booking)
    stage.advance(hours=2)
    done = stage.complete(booking)
    assert done.status is BookingStatus.COMPLETED
    assert names(stage, booking) == [
        "booking.requested",
        "payment.authorized",
        "payment.captured",
        "booking.accepted",
        "booking.started",
        "booking.ended",
        "booking.completed",
    ]
    check_at_rest(stage)


def test_silence_accepts_the_work_after_two_days(stage: Stage) -> None:
    booking = stage.accepted()
    stage.advance(hours=74 + 47)
    assert stage.case(booking).booking.status is BookingStatus.ACCEPTED
    stage.advance(hours=2)
    assert stage.case(booking).booking.status is BookingStatus.COMPLETED
    check_at_rest(stage)


def test_a_leap_over_everything_ends_as_many_small_steps_do(stage: Stage) -> None:
    booking = stage.accepted()
    stage.advance(hours=1000)
    assert stage.case(booking).booking.status is BookingStatus.COMPLETED
    check_at_rest(stage)


def test_a_remote_job_holds_no_calendar_and_is_accepted_by_a_week_of_silence(stage: Stage) -> None:
    booking = stage.book(
        CreateBooking(provider_id=stage.pavel.profile_id, amount=100, payment_method="pm_card_visa")
    )
    stage.accept(booking)
    stage.advance(hours=7 * 24 - 1)
    assert stage.case(booking).booking.status is BookingStatus.ACCEPTED
    stage.advance(hours=2)
    assert stage.case(booking).booking.status is BookingStatus.COMPLETED
    check_at_rest(stage)


def test_a_service_costs_its_price_and_its_fee_and_longer_costs_in_proportion(stage: Stage) -> None:
    command = CreateBooking(
        provider_id=stage.pavel.user.id, service_id=stage.pavel.service_id, payment_method="pm_card_visa",
        starts_at=stage.clock.now() + timedelta(hours=48),
    )  # fmt: skip
    booking = stage.book(command)
    assert booking.ends_at == stage.clock.now() + timedelta(hours=50)
    assert booking.total.amount_minor == 315_00
    longer = command.model_copy(
        update={
            "starts_at": stage.clock.now() + timedelta(hours=96),
            "ends_at": stage.clock.now() + timedelta(hours=98, minutes=20),
        }
    )
    assert stage.book(longer).price.subtotal.amount_minor == 375_00


def test_what_the_provider_gets_is_shown_to_the_provider_alone(stage: Stage) -> None:
    booking = stage.book()
    assert booking.price.provider_net is None
    accepted = stage.accept(booking)
    assert accepted.price.provider_net is not None
    assert accepted.price.provider_net.amount_minor == 83_81


def test_without_a_card_the_client_confirms_at_the_form_in_time(stage: Stage) -> None:
    booking = stage.book(stage.command(method=None))
    assert booking.payment.status is PaymentStatus.REQUIRES_PAYMENT
    assert booking.payment.client_secret
    with pytest.raises(PaymentNotAuthorized):
        stage.accept(booking)
    stage.fake.confirm(stage.intent_id(booking))
    stage.advance(minutes=3)
    assert stage.case(booking).payment.status is PaymentStatus.AUTHORIZED
    assert stage.accept(booking).payment.client_secret is None
    check_at_rest(stage)


def test_a_hold_without_a_payment_ends_after_half_an_hour(stage: Stage) -> None:
    booking = stage.book(stage.command(method=None))
    stage.advance(minutes=29)
    assert stage.case(booking).booking.status is BookingStatus.PENDING
    stage.advance(minutes=2)
    ended = stage.case(booking)
    assert ended.booking.cancellation is not None
    assert ended.booking.cancellation.reason is CancelReason.EXPIRED
    assert ended.payment.status is PaymentStatus.VOIDED
    check_at_rest(stage)
    assert stage.book(by=somebody(Role.CLIENT), in_hours=72 - 31 / 60).status is BookingStatus.PENDING


def test_a_payment_in_the_last_second_of_the_hold_counts(stage: Stage) -> None:
    booking = stage.book(stage.command(method=None))
    stage.fake.confirm(stage.intent_id(booking))
    stage.advance(minutes=31)
    assert stage.case(booking).booking.status is BookingStatus.PENDING
    assert stage.case(booking).payment.status is PaymentStatus.AUTHORIZED


def test_a_bank_that_asks_is_shown_and_the_booking_waits(stage: Stage) -> None:
    booking = stage.book(stage.command(method="pm_card_authenticationRequired"))
    assert booking.payment.requires_action
    assert booking.payment.client_secret
    stage.fake.confirm(stage.intent_id(booking))
    stage.advance(minutes=3)
    assert stage.case(booking).payment.status is PaymentStatus.AUTHORIZED


def test_a_refused_card_is_told_and_the_time_is_free_again(stage: Stage) -> None:
    with pytest.raises(PaymentDeclined) as refusal:
        stage.book(stage.command(method="pm_card_chargeDeclinedInsufficientFunds"))
    assert refusal.value.extra["reason"] == "insufficient_funds"
    (booking,) = all_bookings().values()
    assert booking.cancellation is not None
    assert booking.cancellation.reason is CancelReason.PAYMENT_FAILED
    check_at_rest(stage)
    assert stage.book().status is BookingStatus.PENDING


def test_a_card_there_is_not_is_told_and_nothing_is_left_behind(stage: Stage) -> None:
    with pytest.raises(InvalidPaymentMethod):
        stage.book(stage.command(method="pm_nothing"))
    assert stage.fake.intents == {}
    check_at_rest(stage)


def test_a_taken_slot_is_refused_before_anybody_is_asked_for_money(stage: Stage) -> None:
    stage.book()
    asked = list(stage.fake.calls)
    with pytest.raises(SlotTaken):
        stage.book(by=somebody(Role.CLIENT), in_hours=73)
    assert stage.fake.calls == asked
    assert stage.book(by=somebody(Role.CLIENT), in_hours=74).status is BookingStatus.PENDING
    check_always(stage)


def test_declining_releases_time_and_money(stage: Stage) -> None:
    booking = stage.decline(stage.book())
    assert (booking.status, booking.payment.status) == (BookingStatus.CANCELLED, PaymentStatus.VOIDED)
    assert booking.cancellation is not None
    assert booking.cancellation.reason is CancelReason.DECLINED
    check_at_rest(stage)


def test_an_unanswered_request_ends_after_a_day(stage: Stage) -> None:
    booking = stage.book()
    stage.clock.moment += timedelta(hours=24, minutes=1)
    with pytest.raises(RequestLapsed):
        stage.accept(booking)
    stage.sweep()
    ended = stage.case(booking)
    assert ended.booking.cancellation is not None
    assert ended.booking.cancellation.reason is CancelReason.EXPIRED
    check_at_rest(stage)


def test_an_authorisation_that_ran_out_ends_the_booking_when_the_provider_accepts(stage: Stage) -> None:
    booking = stage.book()
    stage.fake.lapse(stage.intent_id(booking))
    with pytest.raises(AuthorizationExpired):
        stage.accept(booking)
    assert stage.case(booking).booking.status is BookingStatus.CANCELLED
    check_at_rest(stage)


@pytest.mark.parametrize(
    ("hours_before", "refunded_minor", "status"),
    [
        (72, 95_24, PaymentStatus.PARTIALLY_REFUNDED),
        (24, 47_62, PaymentStatus.PARTIALLY_REFUNDED),
        (23, 0, PaymentStatus.CAPTURED),
    ],
)
def test_a_client_who_cancels_gets_back_what_the_policy_says(
    stage: Stage, hours_before: int, refunded_minor: int, status: PaymentStatus
) -> None:
    booking = stage.accepted(in_hours=80)
    stage.advance(hours=80 - hours_before)
    ended = stage.cancel(booking)
    assert ended.payment.status is status
    assert (ended.payment.refunded.amount_minor if ended.payment.refunded else 0) == refunded_minor
    assert ended.cancellation is not None
    assert ended.cancellation.reason is CancelReason.CLIENT
    check_at_rest(stage)


def test_a_provider_who_cancels_refunds_everything(stage: Stage) -> None:
    booking = stage.accepted()
    stage.advance(hours=71)
    ended = stage.cancel(booking, by=stage.pavel.user)
    assert ended.payment.status is PaymentStatus.REFUNDED
    assert {entry.cause.split(":")[0] for entry in list_entries(booking.id).items} == {
        *("capture", "processing", "refund")
    }
    check_at_rest(stage)


def test_an_admin_overrides_with_a_reason_and_nobody_else_does(stage: Stage) -> None:
    booking = stage.accepted(in_hours=30)
    stage.advance(hours=29)
    with pytest.raises(Forbidden):
        stage.cancel(booking, refund_percent=100)
    with pytest.raises(InvalidRequest):
        stage.cancel(booking, by=stage.adele, refund_percent=80)
    ended = stage.cancel(booking, by=stage.adele, refund_percent=80, reason="The studio had no power")
    assert ended.cancellation is not None
    assert ended.cancellation.reason is CancelReason.ADMIN
    assert ended.cancellation.refund is not None
    assert ended.cancellation.refund.amount_minor == 76_19
    check_at_rest(stage)


def test_nobody_but_an_admin_cancels_a_session_that_is_over(stage: Stage) -> None:
    booking = stage.accepted()
    stage.advance(hours=75)
    with pytest.raises(SessionOver):
        stage.cancel(booking)
    assert stage.cancel(booking, by=stage.adele).payment.status is PaymentStatus.REFUNDED
    check_at_rest(stage)


def test_a_reported_problem_stops_the_clock_until_support_decides(stage: Stage) -> None:
    booking = stage.accepted()
    report = ReportProblem(booking_id=booking.id, description="Nobody came")
    with pytest.raises(SessionNotStarted):
        report_problem(report, stage.carla, stage.deps)
    stage.advance(hours=75)
    assert report_problem(report, stage.carla, stage.deps).problem_reported_at == stage.clock.now()
    with pytest.raises(ProblemOpen):
        report_problem(report, stage.carla, stage.deps)
    stage.advance(hours=500)
    assert stage.case(booking).booking.status is BookingStatus.ACCEPTED
    assert stage.complete(booking, by=stage.adele).status is BookingStatus.COMPLETED


def test_while_a_capture_is_under_way_nobody_can_end_the_booking(stage: Stage) -> None:
    booking = stage.book()
    stage.fake.is_away = True
    with pytest.raises(PaymentsUnavailable):
        stage.accept(booking)
    with pytest.raises(CaptureUnderWay):
        stage.cancel(booking)
    with pytest.raises(CaptureUnderWay):
        stage.decline(booking)
    stage.fake.is_away = False
    stage.advance(minutes=3)
    assert stage.case(booking).booking.status is BookingStatus.ACCEPTED
    check_at_rest(stage)


def test_a_cancellation_stands_while_stripe_is_away_and_the_money_follows(stage: Stage) -> None:
    booking = stage.accepted(in_hours=100)
    stage.fake.is_away = True
    ended = stage.cancel(booking)
    assert (ended.status, ended.payment.status) == (BookingStatus.CANCELLED, PaymentStatus.CAPTURED)
    stage.fake.is_away = False
    stage.advance(minutes=3)
    assert stage.case(booking).payment.status is PaymentStatus.PARTIALLY_REFUNDED
    check_at_rest(stage)


def test_when_stripe_is_away_a_request_stands_and_is_authorised_later(stage: Stage) -> None:
    stage.fake.is_away = True
    with pytest.raises(PaymentsUnavailable):
        stage.book()
    (booking,) = all_bookings().values()
    stage.fake.is_away = False
    stage.advance(minutes=3)
    assert stage.case(booking.id).payment.status is PaymentStatus.AUTHORIZED
    assert len(stage.fake.intents) == 1


def test_when_stripe_stays_away_the_hold_still_ends(stage: Stage) -> None:
    stage.fake.is_away = True
    with pytest.raises(PaymentsUnavailable):
        stage.book()
    stage.advance(minutes=40)
    stage.fake.is_away = False
    stage.advance(minutes=10)
    (booking,) = all_bookings().values()
    assert booking.status is BookingStatus.CANCELLED
    check_at_rest(stage)


def test_money_captured_past_us_goes_back(stage: Stage) -> None:
    booking = stage.book()
    stage.fake.capture(stage.intent_id(booking), "elsewhere")
    converge_payment(booking.id, stripe(), stage.deps)
    assert stage.case(booking).payment.status is PaymentStatus.REFUNDED
    assert stage.fake.intents[stage.intent_id(booking)].status is IntentStatus.SUCCEEDED
    check_at_rest(stage)


def test_what_is_over_stays_over(stage: Stage) -> None:
    booking = stage.decline(stage.book())
    for again in (stage.accept, stage.decline, stage.cancel, stage.complete):
        with pytest.raises(IllegalTransition):
            again(booking)
    check_at_rest(stage)


def test_strangers_see_nothing_and_parties_do_only_what_is_theirs(stage: Stage) -> None:
    booking = stage.book()
    stranger = somebody(Role.PROVIDER)
    with pytest.raises(NotFound):
        get_booking(booking.id, stranger, stage.deps)
    with pytest.raises(NotFound):
        accept_booking(booking.id, stranger, stage.deps)
    with pytest.raises(Forbidden):
        accept_booking(booking.id, stage.carla, stage.deps)
    with pytest.raises(NotFound):
        stage.cancel(booking, by=stranger)
    assert get_booking(booking.id, stage.adele, stage.deps).payment.client_secret is None
    assert stage.case(booking).booking.status is BookingStatus.PENDING


def test_who_and_what_cannot_be_booked_is_said(stage: Stage) -> None:
    at = stage.clock.now() + timedelta(hours=48)
    with pytest.raises(ProviderNotFound):
        stage.book(CreateBooking(provider_id=new_id("usr"), amount=100))
    with pytest.raises(ServiceNotFound):
        stage.book(CreateBooking(provider_id=stage.pavel.user.id, service_id=new_id("svc"), starts_at=at))
    other = a_provider(stage.clock)
    with pytest.raises(ServiceNotFound):
        stage.book(CreateBooking(provider_id=stage.pavel.user.id, service_id=other.service_id, starts_at=at))
    with pytest.raises(OwnServices):
        stage.book(by=stage.pavel.user)
    with pytest.raises(Forbidden):
        stage.book(stage.command().model_copy(update={"client_id": new_id("usr")}))
    assert all_bookings() == {}
    check_at_rest(stage)


def test_an_admin_books_for_somebody_else(stage: Stage) -> None:
    stage.book(in_hours=90)  # so that there is an account
    command = stage.command().model_copy(update={"client_id": stage.carla.id})
    booking = stage.book(command, by=stage.adele)
    assert booking.client_id == stage.carla.id
