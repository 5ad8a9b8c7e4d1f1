"""A session runs over: what the client agreed to is charged while they are away, beyond that they are asked."""

import pytest

from callsheet.amendments.errors import NoSession, OvertimeIsReportedByProviders
from callsheet.amendments.list_amendments import list_amendments
from callsheet.bookings.converge_payment import converge_payment
from callsheet.bookings.errors import AcceptanceWindowClosed, PaymentDisputed, SessionNotStarted
from callsheet.bookings.model import BookingView, CreateBooking
from callsheet.bookings.rules import BookingStatus, CancelReason, Party
from callsheet.gateways.payments import IntentStatus
from callsheet.kernel.errors import IllegalTransition
from callsheet.kernel.money import Money
from callsheet.kernel.principal import system
from callsheet.payments.model import PaymentStatus
from callsheet.platform.records import EventItem
from tests.support.stage import Stage
from tests.support.truths import check_at_rest

_P, _A, _D, _C = (
    BookingStatus.PENDING,
    BookingStatus.ACCEPTED,
    BookingStatus.COMPLETED,
    BookingStatus.CANCELLED,
)


def _during(stage: Stage, agreed: int = 60, method: str = "pm_card_visa") -> BookingView:
    """A session of two hours that began an hour ago, whose client has agreed to so many minutes more."""
    command = stage.command(in_hours=30, method=method).model_copy(update={"overtime_minutes": agreed})
    booking = stage.book(command)
    if method != "pm_card_visa":
        stage.fake.confirm(stage.intent_id(booking), method)
        stage.fake.confirm(stage.intent_id(booking))
        stage.advance(minutes=3)
    stage.accept(booking)
    stage.advance(hours=31)
    return booking


def test_what_was_agreed_at_checkout_is_charged_at_once(stage: Stage) -> None:
    booking = _during(stage)
    reported = stage.propose(booking, stage.pavel.user, minutes=45)
    assert (reported.status, reported.payment.status, reported.awaits) == (_A, PaymentStatus.CAPTURED, None)
    order, _ = stage.fake.orders[stage.case(reported.id).payment.id]
    assert (order.is_off_session, order.payment_method, order.group) == (True, "pm_card_visa", booking.id)
    # 95.24 for four half hours; two more at one and a half times that
    assert reported.price.subtotal == Money.of(71_43, "USD")
    told = [item.document.name for item in EventItem.query(booking.id)]
    assert told[-2:] == ["amendment.proposed", "amendment.accepted"]
    check_at_rest(stage)


def test_what_was_agreed_is_used_up_and_what_is_more_needs_the_client(stage: Stage) -> None:
    booking = _during(stage, agreed=40)
    assert stage.propose(booking, stage.pavel.user, minutes=30).status is _A
    asked = stage.propose(booking, stage.pavel.user, minutes=11)
    assert (asked.status, asked.awaits, asked.payment.status) == (
        _P,
        Party.CLIENT,
        PaymentStatus.REQUIRES_PAYMENT,
    )
    assert len(stage.fake.orders) == 2
    assert stage.consent(asked, stage.carla).status is _A


def test_while_the_clients_bank_disputes_the_booking_nothing_comes_on_top(stage: Stage) -> None:
    booking = _during(stage)
    stage.fake.dispute(stage.intent_id(booking))
    converge_payment(booking.id, system("test"), stage.deps)
    for caller in (stage.pavel.user, stage.carla):
        with pytest.raises(PaymentDisputed):
            stage.propose(booking, caller, **({"minutes": 30} if caller is stage.pavel.user else {}))
    assert len(stage.fake.orders) == 1
    assert list_amendments(booking.id, stage.carla).items == ()


def test_without_an_agreement_the_client_is_asked(stage: Stage) -> None:
    booking = stage.accepted(in_hours=30)
    stage.advance(hours=31)
    asked = stage.propose(booking, stage.pavel.user, minutes=30)
    assert (asked.status, asked.awaits) == (_P, Party.CLIENT)
    refused = stage.refuse(asked, stage.carla)
    assert refused.status is _C
    check_at_rest(stage)


def test_a_bank_that_wants_the_client_leaves_it_waiting_for_them(stage: Stage) -> None:
    booking = _during(stage)
    stored = stage.case(booking).stored_payment
    stored.document = stored.document.model_copy(update={"paid_with": "pm_card_authenticationRequired"})
    stored.save()
    waits = stage.propose(booking, stage.pavel.user, minutes=30)
    assert (waits.status, waits.awaits, waits.payment.requires_action) == (_P, Party.CLIENT, True)
    assert waits.payment.client_secret is None, "the provider confirms nothing"
    (seen,) = stage.amendments(booking)
    assert seen.payment.client_secret is not None
    stage.advance(minutes=5)
    assert stage.amendments(booking)[0].status is _P
    stage.fake.confirm(stage.intent_id(waits.id))
    stage.advance(minutes=5)
    (paid,) = stage.amendments(booking)
    assert (paid.status, paid.payment.status) == (_A, PaymentStatus.CAPTURED)
    check_at_rest(stage)


def test_a_client_who_does_not_answer_their_bank_owes_nothing_after_a_day(stage: Stage) -> None:
    booking = _during(stage)
    stored = stage.case(booking).stored_payment
    stored.document = stored.document.model_copy(update={"paid_with": "pm_card_authenticationRequired"})
    stored.save()
    waits = stage.propose(booking, stage.pavel.user, minutes=30)
    stage.advance(hours=24.1)
    (lapsed,) = stage.amendments(booking)
    assert (lapsed.status, lapsed.payment.status) == (_C, PaymentStatus.VOIDED)
    assert stage.intents[stage.intent_id(waits.id)].status is IntentStatus.CANCELED
    assert stage.case(booking).booking.status is _A
    check_at_rest(stage)


def test_a_kept_card_that_is_refused_ends_the_overtime_and_not_the_booking(stage: Stage) -> None:
    booking = _during(stage)
    stored = stage.case(booking).stored_payment
    stored.document = stored.document.model_copy(update={"paid_with": "pm_card_chargeDeclined"})
    stored.save()
    refused = stage.propose(booking, stage.pavel.user, minutes=30)
    assert refused.status is _C
    assert refused.cancellation is not None
    assert refused.cancellation.reason is CancelReason.PAYMENT_FAILED
    stage.advance(minutes=3)
    assert stage.case(booking).booking.status is _A
    assert stage.case(booking).booking.amendments[0].status is _C
    check_at_rest(stage)


def test_it_is_reported_by_the_provider_from_the_start_until_the_work_is_accepted(stage: Stage) -> None:
    booking = stage.accepted(in_hours=30)
    with pytest.raises(SessionNotStarted):
        stage.propose(booking, stage.pavel.user, minutes=30)
    stage.advance(hours=31)
    with pytest.raises(OvertimeIsReportedByProviders):
        stage.propose(booking, minutes=30)
    stage.clock.moment = stage.clock.moment.replace(day=stage.clock.moment.day + 3)
    with pytest.raises(AcceptanceWindowClosed):
        stage.propose(booking, stage.pavel.user, minutes=30)
    stage.sweep()
    with pytest.raises(IllegalTransition):
        stage.propose(booking, stage.pavel.user, minutes=30)
    assert stage.case(booking).booking.amendments == ()


def test_a_remote_job_runs_over_nothing(stage: Stage) -> None:
    command = CreateBooking(provider_id=stage.pavel.user.id, amount=100, payment_method="pm_card_visa")
    booking = stage.accept(stage.book(command))
    with pytest.raises(NoSession):
        stage.propose(booking, stage.pavel.user, minutes=30)
    assert stage.case(booking).booking.amendments == ()


def test_overtime_completes_with_the_session(stage: Stage) -> None:
    booking = _during(stage)
    reported = stage.propose(booking, stage.pavel.user, minutes=30)
    stage.advance(hours=60)
    assert (stage.case(booking).booking.status, stage.case(reported.id).booking.status) == (_D, _D)
    check_at_rest(stage)


def test_what_was_agreed_is_used_up_by_the_half_hours_it_is_charged_for(stage: Stage) -> None:
    booking = _during(stage, agreed=30)
    assert stage.propose(booking, stage.pavel.user, minutes=1).status is _A
    asked = stage.propose(booking, stage.pavel.user, minutes=1)
    assert (asked.status, asked.awaits) == (_P, Party.CLIENT), "a minute more is a half hour more to pay"
    assert len(stage.fake.orders) == 2
