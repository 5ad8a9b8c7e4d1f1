"""Something is added to a booking: proposed by one side, agreed to by the other, paid by itself."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from callsheet.amendments.errors import AmendmentTooLarge, OtherCurrency, TooManyAmendments
from callsheet.bookings.errors import (
    CaptureUnderWay,
    PaymentNotAuthorized,
    ProblemOpen,
    RequestLapsed,
)
from callsheet.bookings.list_bookings import list_bookings
from callsheet.bookings.model import BookingQuery, BookingView, ReportProblem
from callsheet.bookings.report_problem import report_problem
from callsheet.bookings.rules import BookingStatus, CancelReason, Party
from callsheet.gateways.errors import PaymentDeclined
from callsheet.gateways.payments import IntentStatus
from callsheet.kernel.errors import Forbidden, IllegalTransition, NotFound
from callsheet.kernel.ids import new_id
from callsheet.kernel.money import Money
from callsheet.kernel.principal import RequestKey, Role
from callsheet.ledger.list_entries import list_entries
from callsheet.payments.model import Ask, PaymentStatus
from callsheet.payments.rules import is_claimed_for
from callsheet.platform.records import EventItem
from callsheet.transfers.model import TransferStatus
from tests.support.stage import Stage, somebody
from tests.support.truths import all_bookings, check_at_rest

_P, _A, _D, _C = (
    BookingStatus.PENDING,
    BookingStatus.ACCEPTED,
    BookingStatus.COMPLETED,
    BookingStatus.CANCELLED,
)


def _told(booking: BookingView) -> list[str]:
    return [item.document.name for item in EventItem.query(booking.id)]


def _causes(subject: str) -> set[str]:
    return {entry.cause for entry in list_entries(subject).items}


def test_what_a_client_proposes_is_authorised_at_once_and_captured_when_the_provider_consents(
    stage: Stage,
) -> None:
    booking = stage.accepted()
    proposed = stage.propose(booking, reason="The light was good")
    assert (proposed.status, proposed.proposed_by, proposed.awaits) == (_P, Party.CLIENT, Party.PROVIDER)
    assert proposed.payment.status is PaymentStatus.AUTHORIZED
    assert proposed.total == Money.of(20_00 + 1_00, "USD")  # the minimum was paid with the booking itself
    intent = stage.intents[stage.intent_id(proposed.id)]
    assert (intent.status, intent.amount) == (IntentStatus.REQUIRES_CAPTURE, proposed.total)

    accepted = stage.consent(proposed)
    assert (accepted.status, accepted.awaits, accepted.payment.status) == (_A, None, PaymentStatus.CAPTURED)
    assert accepted.accepted_at == stage.clock.now()
    kept = stage.case(booking).booking.amendments
    assert [(one.id, one.status, one.total) for one in kept] == [(proposed.id, _A, proposed.total)]
    assert _causes(proposed.id) == {"capture", "processing"}
    assert _causes(booking.id) == {"capture", "processing"}
    assert _told(booking)[-2:] == ["amendment.proposed", "amendment.accepted"]
    stage.sweep()
    check_at_rest(stage)


def test_the_price_of_the_booking_itself_never_changes(stage: Stage) -> None:
    booking = stage.accepted()
    before = stage.case(booking)
    stage.consent(stage.propose(booking))
    after = stage.case(booking)
    assert (after.booking.price, after.payment) == (before.booking.price, before.payment)


def test_what_a_provider_proposes_is_paid_when_the_client_consents(stage: Stage) -> None:
    booking = stage.accepted()
    calls = len(stage.fake.calls)
    proposed = stage.propose(booking, stage.pavel.user)
    assert (proposed.awaits, proposed.payment.status) == (Party.CLIENT, PaymentStatus.REQUIRES_PAYMENT)
    assert len(stage.fake.calls) == calls, "nobody's bank is asked before the client has agreed"

    accepted = stage.consent(proposed, stage.carla)
    assert (accepted.status, accepted.payment.status) == (_A, PaymentStatus.CAPTURED)
    order, _ = stage.fake.orders[stage.case(proposed.id).payment.id]
    first, _ = stage.fake.orders[stage.case(booking).payment.id]
    assert (order.payment_method, order.customer_id) == ("pm_card_visa", first.customer_id)
    assert (order.group, order.subject, order.is_off_session) == (booking.id, proposed.id, False)
    check_at_rest(stage)


def test_a_client_may_pay_with_another_card(stage: Stage) -> None:
    booking = stage.accepted()
    one = stage.propose(booking, payment_method="pm_card_mastercard")
    other = stage.propose(booking, stage.pavel.user, payment_method="pm_card_chargeDeclined")
    stage.consent(other, stage.carla, payment_method="pm_card_mastercard")
    methods = [stage.fake.orders[stage.case(shown.id).payment.id][0].payment_method for shown in (one, other)]
    assert methods == ["pm_card_mastercard", "pm_card_mastercard"], "a provider names no card of a client's"


@pytest.mark.parametrize("by_client", [True, False])
def test_what_is_declined_or_taken_back_leaves_nothing_behind(stage: Stage, by_client: bool) -> None:
    booking = stage.accepted()
    proposer, other = (stage.carla, stage.pavel.user) if by_client else (stage.pavel.user, stage.carla)
    declined = stage.refuse(stage.propose(booking, proposer), other)
    taken_back = stage.withdraw(stage.propose(booking, proposer), proposer)
    assert (declined.status, taken_back.status) == (_C, _C)
    assert declined.cancellation is not None
    assert declined.cancellation.reason is CancelReason.DECLINED
    assert taken_back.cancellation is not None
    assert taken_back.cancellation.reason is CancelReason("client" if by_client else "provider")
    assert {declined.payment.status, taken_back.payment.status} == {PaymentStatus.VOIDED}
    assert _causes(declined.id) == _causes(taken_back.id) == set()
    asked = {i.status for i in stage.intents.values()} - {IntentStatus.SUCCEEDED}
    assert asked == ({IntentStatus.CANCELED} if by_client else set())
    assert _told(booking).count("amendment.cancelled") == 2
    check_at_rest(stage)


@pytest.mark.parametrize("by_client", [True, False])
def test_a_proposal_nobody_answers_lapses_after_a_day(stage: Stage, by_client: bool) -> None:
    booking = stage.accepted()
    proposed = stage.propose(booking, stage.carla if by_client else stage.pavel.user)
    stage.advance(hours=23.9)
    assert stage.amendments(booking)[0].status is _P
    stage.advance(hours=0.2)
    (lapsed,) = stage.amendments(booking)
    assert (lapsed.status, lapsed.payment.status) == (_C, PaymentStatus.VOIDED)
    assert lapsed.cancellation is not None
    assert lapsed.cancellation.reason is CancelReason.EXPIRED
    with pytest.raises(IllegalTransition):
        stage.consent(proposed, stage.pavel.user if by_client else stage.carla)
    check_at_rest(stage)


def test_a_consent_that_comes_too_late_is_refused_though_no_deadline_was_heard_of(stage: Stage) -> None:
    proposed = stage.propose(stage.accepted(), stage.pavel.user)
    stage.clock.moment = proposed.expires_at or stage.clock.now()
    with pytest.raises(RequestLapsed):
        stage.consent(proposed, stage.carla)
    assert stage.case(proposed.id).payment.in_flight is None


def test_a_refused_card_ends_the_amendment_and_leaves_the_booking_as_it_is(stage: Stage) -> None:
    booking = stage.accepted()
    with pytest.raises(PaymentDeclined):
        stage.propose(booking, payment_method="pm_card_chargeDeclined")
    proposed = stage.propose(booking, stage.pavel.user)
    with pytest.raises(PaymentDeclined) as refusal:
        stage.consent(proposed, stage.carla, payment_method="pm_card_chargeDeclinedInsufficientFunds")
    assert refusal.value.extra == {"amendment_id": proposed.id, "reason": "insufficient_funds"}
    stage.advance(minutes=5)
    for shown in stage.amendments(booking):
        assert (shown.status, shown.payment.status) == (_C, PaymentStatus.FAILED)
        assert shown.cancellation is not None
        assert shown.cancellation.reason is CancelReason.PAYMENT_FAILED
    assert stage.case(booking).booking.status is _A
    assert _told(booking).count("amendment.cancelled") == 2
    check_at_rest(stage)


def test_a_client_s_bank_may_want_to_hear_from_them_first(stage: Stage) -> None:
    booking = stage.accepted()
    proposed = stage.propose(booking, stage.pavel.user)
    waits = stage.consent(proposed, stage.carla, payment_method="pm_card_authenticationRequired")
    assert (waits.status, waits.awaits, waits.payment.requires_action) == (_P, Party.CLIENT, True)
    assert waits.payment.client_secret is not None
    (seen_by_provider,) = stage.amendments(booking, stage.pavel.user)
    assert seen_by_provider.payment.client_secret is None
    stage.fake.confirm(stage.intent_id(proposed.id))
    stage.advance(minutes=5)
    (accepted,) = stage.amendments(booking)
    assert (accepted.status, accepted.payment.status) == (_A, PaymentStatus.CAPTURED)
    check_at_rest(stage)


def test_without_a_kept_card_the_client_pays_at_the_form(stage: Stage) -> None:
    booking = stage.book(stage.command(method=None))
    stage.fake.confirm(stage.intent_id(booking))
    stage.advance(minutes=3)
    stage.accept(booking)
    assert stage.case(booking).payment.paid_with == "pm_card_visa", "kept, though it came from the form"


def test_only_the_other_side_answers_and_only_the_proposer_takes_back(stage: Stage) -> None:
    proposed = stage.propose(stage.accepted())
    acts: tuple[Callable[[], object], ...] = (
        lambda: stage.consent(proposed, stage.carla),
        lambda: stage.refuse(proposed, stage.carla),
        lambda: stage.withdraw(proposed, stage.pavel.user),
        lambda: stage.consent(proposed, stage.adele),
        lambda: stage.refuse(proposed, somebody(Role.SUPPORT)),
    )
    for act in acts:
        with pytest.raises(Forbidden):
            act()
    with pytest.raises(NotFound):
        stage.consent(proposed, somebody(Role.PROVIDER))
    with pytest.raises(NotFound):
        stage.consent(proposed.model_copy(update={"booking_id": stage.book(in_hours=90).id}))
    assert stage.case(proposed.id).payment.in_flight is None
    assert stage.case(proposed.id).booking.status is _P


def test_a_stranger_neither_proposes_nor_sees(stage: Stage) -> None:
    booking = stage.accepted()
    stage.propose(booking)
    with pytest.raises(NotFound):
        stage.propose(booking, somebody(Role.CLIENT))
    with pytest.raises(NotFound):
        stage.amendments(booking, somebody(Role.CLIENT))
    with pytest.raises(Forbidden):
        stage.propose(booking, stage.adele)
    assert len(stage.amendments(booking, stage.adele)) == 1
    assert len(stage.case(booking).booking.amendments) == 1


def test_an_amendment_is_no_booking_to_accept_cancel_or_complete_and_stands_in_no_list(stage: Stage) -> None:
    booking = stage.accepted()
    proposed = stage.propose(booking)
    as_booking = booking.model_copy(update={"id": proposed.id})
    acts: tuple[Callable[[], object], ...] = (
        lambda: stage.accept(as_booking),
        lambda: stage.decline(as_booking),
        lambda: stage.cancel(as_booking),
        lambda: stage.complete(as_booking),
        lambda: report_problem(
            ReportProblem(booking_id=proposed.id, description="x"), stage.carla, stage.deps
        ),
        lambda: stage.propose(as_booking),
    )
    for act in acts:
        with pytest.raises(NotFound):
            act()
    for party, caller in ((Party.CLIENT, stage.carla), (Party.PROVIDER, stage.pavel.user)):
        listed = list_bookings(BookingQuery(party=party), caller, stage.deps).items
        assert [one.id for one in listed] == [booking.id]
    assert stage.amendments(booking)[0].status is _P


def test_nothing_is_proposed_before_the_booking_is_accepted_or_after_it_has_ended(stage: Stage) -> None:
    booking = stage.book()
    with pytest.raises(IllegalTransition):
        stage.propose(booking)
    stage.accept(booking)
    proposed = stage.propose(booking, stage.pavel.user)
    stage.cancel(booking)
    with pytest.raises(IllegalTransition):
        stage.propose(booking)
    with pytest.raises(IllegalTransition):
        stage.consent(proposed, stage.carla)
    assert len(stage.case(booking).booking.amendments) == 1


def test_what_is_complained_of_is_not_added_to(stage: Stage) -> None:
    booking = stage.accepted(in_hours=30)
    proposed = stage.propose(booking, stage.pavel.user)
    stage.clock.moment = stage.case(booking).booking.starts_at or stage.clock.now()
    second = stage.propose(booking, stage.pavel.user)
    report_problem(ReportProblem(booking_id=booking.id, description="x"), stage.carla, stage.deps)
    with pytest.raises(ProblemOpen):
        stage.propose(booking, stage.pavel.user)
    with pytest.raises(ProblemOpen):
        stage.consent(second, stage.carla)
    assert stage.case(second.id).payment.in_flight is None
    assert stage.case(proposed.id).payment.in_flight is None


def test_the_limits_hold_for_all_amendments_together(stage: Stage) -> None:
    booking = stage.accepted()
    left = stage.case(booking).booking.price.subtotal.amount_minor
    first = stage.propose(booking, minor=left - 10_00)
    with pytest.raises(AmendmentTooLarge):
        stage.propose(booking, minor=10_01)
    stage.refuse(first)
    stage.propose(booking, minor=left)
    euros = [{"title": "Prints", "amount": Money.of(10_00, "EUR")}]
    with pytest.raises(OtherCurrency):
        stage.propose(booking, lines=euros)
    assert len(stage.case(booking).booking.amendments) == 2
    other = stage.accepted(in_hours=90)
    for _ in range(10):
        stage.withdraw(stage.propose(other, stage.pavel.user), stage.pavel.user)
    with pytest.raises(TooManyAmendments):
        stage.propose(other)


def test_a_provider_who_consents_before_the_client_has_paid_is_told_so(stage: Stage) -> None:
    booking = stage.accepted()
    proposed = stage.propose(booking, payment_method="pm_card_authenticationRequired")
    assert proposed.awaits is Party.CLIENT
    with pytest.raises(PaymentNotAuthorized):
        stage.consent(proposed)
    assert stage.case(proposed.id).booking.amends is not None
    assert stage.case(proposed.id).payment.in_flight is None


def test_a_repeated_proposal_is_the_same_amendment(stage: Stage) -> None:
    booking = stage.accepted()
    key = RequestKey(new_id("req"), "the same body")
    carla = replace(stage.carla, request_key=key)
    first, again = stage.propose(booking, carla), stage.propose(booking, carla)
    assert first.id == again.id
    assert len(all_bookings()) == 2


def test_while_the_provider_consents_the_client_does_not_take_back(stage: Stage) -> None:
    proposed = stage.propose(stage.accepted())
    stage.fake.is_away = True
    claimed = stage.consent(proposed)
    assert claimed.status is _P
    assert is_claimed_for(stage.case(proposed.id).payment, Ask.CAPTURE)
    with pytest.raises(CaptureUnderWay):
        stage.withdraw(proposed)
    stage.fake.is_away = False
    stage.advance(minutes=3)
    assert stage.case(proposed.id).booking.status is _A
    check_at_rest(stage)


def test_what_completes_with_its_booking_earns_its_fees_and_is_passed_on(stage: Stage) -> None:
    booking = stage.accepted(in_hours=30)
    accepted = stage.consent(stage.propose(booking))
    pending = stage.propose(booking, stage.pavel.user)
    assert stage.transfer(accepted.id).status is TransferStatus.WAITING
    stage.advance(hours=33)
    stage.complete(booking)
    stage.sweep()
    assert stage.case(accepted.id).booking.status is _D
    assert stage.case(pending.id).booking.status is _C
    assert _causes(accepted.id) == {"capture", "processing", "completion"}
    assert [one.status for one in stage.case(booking).booking.amendments] == [_D, _C]
    stage.advance(hours=24 * 8)
    assert stage.transfer(accepted.id).status is TransferStatus.TRANSFERRED
    assert stage.transfer(accepted.id).transferred == stage.case(accepted.id).booking.price.provider_net
    check_at_rest(stage)


@pytest.mark.parametrize(
    ("who", "in_hours", "percent", "left_minor"),
    [
        ("carla", 100, None, 1_00),  # all of the subtotal; the fee stays
        ("carla", 30, None, 11_00),
        ("carla", 10, None, 21_00),
        ("pavel", 30, None, 0),
        ("adele", 30, None, 0),
        ("adele", 30, 25, 16_00),
    ],
)
def test_a_booking_that_is_cancelled_gives_back_the_same_share_of_its_amendments(
    stage: Stage, who: str, in_hours: float, percent: int | None, left_minor: int
) -> None:
    booking = stage.accepted(in_hours=in_hours + 20)
    stage.clock.moment += timedelta(hours=20)
    accepted = stage.consent(stage.propose(booking))
    pending = stage.propose(booking, stage.pavel.user)
    caller = {"carla": stage.carla, "pavel": stage.pavel.user, "adele": stage.adele}[who]
    fields = {"refund_percent": percent, "reason": "x"} if percent is not None else {}
    stage.cancel(booking, caller, **fields)
    stage.advance(hours=80)  # the share is that of the moment of the cancellation, however late it follows
    shown, lapsed = stage.amendments(booking)
    assert (shown.id, shown.status, lapsed.id, lapsed.status) == (accepted.id, _C, pending.id, _C)
    intent = stage.intents[stage.intent_id(accepted.id)]
    assert intent.amount.amount_minor - intent.refunded_minor == left_minor
    assert shown.cancellation is not None
    assert shown.cancellation.reason == {"carla": "client", "pavel": "provider", "adele": "admin"}[who]
    check_at_rest(stage)


def test_a_refund_under_way_is_waited_for(stage: Stage) -> None:
    """Whatever stands in the way of following, the next look is arranged before."""
    booking = stage.accepted(in_hours=100)
    accepted = stage.consent(stage.propose(booking))
    stage.cancel(booking, stage.pavel.user)
    stage.fake.is_away = True
    stage.sweep()
    assert stage.case(accepted.id).booking.status is _A
    stage.fake.is_away = False
    stage.advance(hours=1)
    stage.advance(minutes=5)
    assert stage.case(accepted.id).booking.status is _C
    assert stage.case(accepted.id).payment.status is PaymentStatus.REFUNDED
    check_at_rest(stage)
