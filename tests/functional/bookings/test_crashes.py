"""A crash between any two steps heals by itself: every step of every use case, before and after, one by one."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

import pytest

from callsheet.bookings.accept_booking import accept_booking
from callsheet.bookings.cancel_booking import cancel_booking
from callsheet.bookings.checkout_deps import CheckoutDeps
from callsheet.bookings.complete_booking import complete_booking
from callsheet.bookings.create_booking import create_booking
from callsheet.bookings.decline_booking import decline_booking
from callsheet.bookings.model import BookingView, CancelBooking
from callsheet.bookings.rules import BookingStatus
from callsheet.kernel.errors import IdempotencyInProgress, IllegalTransition
from callsheet.kernel.principal import RequestKey
from callsheet.payments.model import PaymentStatus
from tests.support.crashes import Died, MortalPayments, Steps
from tests.support.stage import Stage
from tests.support.truths import all_bookings, check_always, check_at_rest

_P, _A, _D, _C = (
    BookingStatus.PENDING,
    BookingStatus.ACCEPTED,
    BookingStatus.COMPLETED,
    BookingStatus.CANCELLED,
)


@dataclass(frozen=True, slots=True)
class Act:
    """One use case: how its booking comes about, the call, and the two states a crash may leave behind at rest."""

    name: str
    arrange: Callable[[Stage], BookingView]
    call: Callable[[Stage, BookingView, CheckoutDeps], BookingView]
    undone: BookingStatus
    done: BookingStatus
    steps: int


def _over(stage: Stage) -> BookingView:
    booking = stage.accepted(in_hours=30)
    stage.advance(hours=33)
    return booking


ACTS = (
    Act(
        "accept", lambda s: s.book(), lambda s, b, d: accept_booking(b.id, s.pavel.user, d), _P, _A, steps=3
    ),
    Act(
        "decline", lambda s: s.book(), lambda s, b, d: decline_booking(b.id, s.pavel.user, d), _P, _C, steps=3
    ),
    Act(
        "cancel a request", lambda s: s.book(),
        lambda s, b, d: cancel_booking(CancelBooking(booking_id=b.id), s.carla, d), _P, _C, steps=3,
    ),
    Act(
        "cancel after acceptance", lambda s: s.accepted(in_hours=100),
        lambda s, b, d: cancel_booking(CancelBooking(booking_id=b.id), s.carla, d), _A, _C, steps=3,
    ),
    Act("complete", _over, lambda s, b, d: complete_booking(b.id, s.carla, d), _A, _D, steps=1),
)  # fmt: skip


def _run(stage: Stage, act: Act, booking: BookingView, steps: Steps) -> None:
    deps = stage.deps_with(MortalPayments(stage.fake, steps))
    with steps.watching_transactions():
        act.call(stage, booking, deps)


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.name)
def test_a_crash_at_any_step_heals_by_itself(stage: Stage, act: Act) -> None:
    dry = Steps()
    _run(stage, act, act.arrange(stage), dry)
    assert len(dry.names) == act.steps, dry.names
    for at in range(act.steps):
        for after in (False, True):
            stage.advance(hours=3)  # so that each try has a time of its own
            booking = act.arrange(stage)
            with pytest.raises(Died):
                _run(stage, act, booking, Steps(at, after))
            check_always(stage)
            stage.advance(minutes=3)
            has_begun = at > 0 or after
            assert stage.case(booking).booking.status is (act.done if has_begun else act.undone), (at, after)
            check_at_rest(stage)


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.name)
def test_a_caller_who_comes_again_after_a_crash_finds_it_done_or_does_it(stage: Stage, act: Act) -> None:
    for at in range(act.steps):
        for after in (False, True):
            stage.advance(hours=3)  # so that each try has a time of its own
            booking = act.arrange(stage)
            with pytest.raises(Died):
                _run(stage, act, booking, Steps(at, after))
            with suppress(IllegalTransition):  # it was done before
                act.call(stage, booking, stage.deps)
            stage.advance(minutes=3)
            assert stage.case(booking).booking.status is act.done, (at, after)
            check_at_rest(stage)


CREATE_STEPS = ["transaction", "create_customer", "authorize", "transaction"]


@pytest.mark.parametrize("at", range(len(CREATE_STEPS)))
@pytest.mark.parametrize("after", [False, True])
def test_a_crash_while_creating_leaves_nothing_or_a_request_that_is_paid(
    stage: Stage, at: int, after: bool
) -> None:
    steps = Steps(at, after)
    with steps.watching_transactions(), pytest.raises(Died):
        create_booking(stage.command(), stage.carla, stage.deps_with(MortalPayments(stage.fake, steps)))
    assert steps.names == CREATE_STEPS[: at + 1]
    check_always(stage)
    stage.advance(minutes=3)
    check_at_rest(stage)
    if at == 0 and not after:
        assert all_bookings() == {}
        return
    (booking,) = all_bookings().values()
    assert booking.status is BookingStatus.PENDING
    assert stage.case(booking.id).payment.status is PaymentStatus.AUTHORIZED
    assert len(stage.fake.intents) == 1


@pytest.mark.parametrize("at", range(len(CREATE_STEPS)))
@pytest.mark.parametrize("after", [False, True])
def test_the_same_key_after_a_crash_goes_on_with_the_same_booking(stage: Stage, at: int, after: bool) -> None:
    caller = replace(stage.carla, request_key=RequestKey("key", "body"))
    command, steps = stage.command(), Steps(at, after)
    with steps.watching_transactions(), pytest.raises(Died):
        create_booking(command, caller, stage.deps_with(MortalPayments(stage.fake, steps)))
    is_open = (at, after) != (0, False) and (at, after) != (len(CREATE_STEPS) - 1, True)
    if is_open:
        with pytest.raises(IdempotencyInProgress):
            create_booking(command, caller, stage.deps)
        stage.clock.moment = stage.clock.moment.replace(second=31)
    first = create_booking(command, caller, stage.deps)
    assert create_booking(command, caller, stage.deps) == first
    assert [*all_bookings()] == [first.id]
    assert first.payment.status is PaymentStatus.AUTHORIZED
    stage.advance(minutes=3)
    check_at_rest(stage)


def test_a_refused_card_crashes_at_no_step_without_healing(stage: Stage) -> None:
    from callsheet.gateways.errors import PaymentDeclined

    command = stage.command(method="pm_card_chargeDeclined")
    dry = Steps()
    with dry.watching_transactions(), pytest.raises(PaymentDeclined):
        create_booking(command, stage.carla, stage.deps_with(MortalPayments(stage.fake, dry)))
    for at in range(1, len(dry.names)):
        for after in (False, True):
            steps = Steps(at, after)
            with steps.watching_transactions(), pytest.raises((Died, PaymentDeclined)):
                create_booking(command, stage.carla, stage.deps_with(MortalPayments(stage.fake, steps)))
            stage.advance(minutes=3)
            check_at_rest(stage)
            assert {booking.status for booking in all_bookings().values()} == {BookingStatus.CANCELLED}
