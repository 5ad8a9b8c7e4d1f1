"""A crash between any two steps heals by itself: every step of every use case, before and after, one by one."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

import pytest

from callsheet.amendments.accept_amendment import accept_amendment
from callsheet.amendments.end_amendment import decline_amendment, withdraw_amendment
from callsheet.amendments.follow_booking import follow_booking
from callsheet.amendments.model import AmendmentView, Answer, Proposal, ProposedLine
from callsheet.amendments.propose_amendment import propose_amendment
from callsheet.bookings.checkout_deps import CheckoutDeps
from callsheet.bookings.model import BookingView
from callsheet.bookings.rules import BookingStatus
from callsheet.kernel.errors import IllegalTransition
from callsheet.kernel.ids import new_id
from callsheet.kernel.money import Money
from callsheet.kernel.principal import Principal, RequestKey, system
from tests.support.crashes import Died, MortalPayments, MortalTransfers, Steps
from tests.support.stage import Stage
from tests.support.truths import check_always, check_at_rest

_P, _A, _D, _C = (
    BookingStatus.PENDING,
    BookingStatus.ACCEPTED,
    BookingStatus.COMPLETED,
    BookingStatus.CANCELLED,
)


@dataclass(frozen=True, slots=True)
class Act:
    """One use case: how its amendment comes about, the call, and the two states a crash may leave behind at rest."""

    name: str
    arrange: Callable[[Stage], AmendmentView]
    call: Callable[[Stage, AmendmentView, CheckoutDeps], object]
    undone: BookingStatus
    done: BookingStatus
    steps: int


def _by_client(stage: Stage) -> AmendmentView:
    return stage.propose(stage.accepted(in_hours=200))


def _by_provider(stage: Stage) -> AmendmentView:
    return stage.propose(stage.accepted(in_hours=200), stage.pavel.user)


def _answer(amendment: AmendmentView) -> Answer:
    return Answer(booking_id=amendment.booking_id, amendment_id=amendment.id)


ACTS = (
    Act(
        "a provider consents", _by_client,
        lambda s, a, d: accept_amendment(_answer(a), s.pavel.user, d), _P, _A, steps=3,
    ),
    Act(
        "a client consents", _by_provider,
        lambda s, a, d: accept_amendment(_answer(a), s.carla, d), _P, _A, steps=5,
    ),
    Act(
        "a provider declines", _by_client,
        lambda s, a, d: decline_amendment(_answer(a), s.pavel.user, d), _P, _C, steps=3,
    ),
    Act(
        "a client declines", _by_provider,
        lambda s, a, d: decline_amendment(_answer(a), s.carla, d), _P, _C, steps=1,
    ),
    Act(
        "a client takes back", _by_client,
        lambda s, a, d: withdraw_amendment(_answer(a), s.carla, d), _P, _C, steps=3,
    ),
)  # fmt: skip


def _run(stage: Stage, act: Act, amendment: AmendmentView, steps: Steps) -> None:
    deps = stage.deps_with(MortalPayments(stage.fake, steps))
    with steps.watching_transactions():
        act.call(stage, amendment, deps)


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.name)
def test_a_crash_at_any_step_heals_by_itself(stage: Stage, act: Act) -> None:
    dry = Steps()
    _run(stage, act, act.arrange(stage), dry)
    assert len(dry.names) == act.steps, dry.names
    for at in range(act.steps):
        for after in (False, True):
            stage.advance(hours=3)  # so that each try has a time of its own
            amendment = act.arrange(stage)
            with pytest.raises(Died):
                _run(stage, act, amendment, Steps(at, after))
            check_always(stage)
            stage.advance(minutes=3)
            has_begun = at > 0 or after
            assert stage.case(amendment.id).booking.status is (act.done if has_begun else act.undone)
            check_at_rest(stage)


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.name)
def test_a_caller_who_comes_again_after_a_crash_finds_it_done_or_does_it(stage: Stage, act: Act) -> None:
    for at in range(act.steps):
        for after in (False, True):
            stage.advance(hours=3)
            amendment = act.arrange(stage)
            with pytest.raises(Died):
                _run(stage, act, amendment, Steps(at, after))
            with suppress(IllegalTransition):  # it was done before
                act.call(stage, amendment, stage.deps)
            stage.advance(minutes=3)
            assert stage.case(amendment.id).booking.status is act.done, (at, after)
            check_at_rest(stage)


PROPOSE_STEPS = ["transaction", "authorize", "transaction"]


@pytest.mark.parametrize("at", range(len(PROPOSE_STEPS)))
@pytest.mark.parametrize("after", [False, True])
def test_the_same_key_after_a_crash_goes_on_with_the_same_amendment(
    stage: Stage, at: int, after: bool
) -> None:
    booking = stage.accepted()
    carla = replace(stage.carla, request_key=RequestKey(new_id("req"), "body"))
    steps = Steps(at, after)
    with steps.watching_transactions(), pytest.raises(Died):
        _propose(booking, carla, stage.deps_with(MortalPayments(stage.fake, steps)))
    assert steps.names == PROPOSE_STEPS[: at + 1]
    check_always(stage)
    proposed = _propose(booking, carla, stage.deps)
    stage.advance(minutes=3)
    (kept,) = stage.amendments(booking)
    assert (kept.id, kept.status, kept.payment.status) == (proposed.id, _P, "authorized")
    assert len(stage.fake.intents) == 2
    check_at_rest(stage)


def _propose(booking: BookingView, caller: Principal, deps: CheckoutDeps) -> AmendmentView:
    line = ProposedLine(title="Prints", amount=Money.of(20_00, "USD"))
    return propose_amendment(Proposal(booking_id=booking.id, lines=(line,)), caller, deps)


@pytest.mark.parametrize("is_completed", [True, False])
def test_whoever_follows_a_booking_may_die_at_any_step(stage: Stage, is_completed: bool) -> None:
    at = 0
    while True:
        for after in (False, True):
            if not _dies_following(stage, Steps(at, after), is_completed):
                assert at >= 4
                return
        at += 1


def _dies_following(stage: Stage, steps: Steps, is_completed: bool) -> bool:
    """An accepted and a pending amendment each; False where there is no such step any more."""
    booking = stage.accepted(in_hours=30)
    accepted = stage.consent(stage.propose(booking))
    if is_completed:
        stage.advance(hours=33)
    pending = stage.propose(booking, stage.carla)
    if is_completed:
        stage.complete(booking)
    else:
        stage.cancel(booking)
    payments = MortalPayments(stage.fake, steps)
    deps = stage.deps_with(payments, MortalTransfers(stage.stripe_transfers, steps))
    has_died = False
    with steps.watching_transactions():
        try:
            follow_booking(booking.id, stage.clock.now(), system("test"), deps)
        except Died:
            has_died = True
    check_always(stage)
    stage.advance(hours=1.1)
    stage.advance(minutes=3)
    assert stage.case(accepted.id).booking.status is (_D if is_completed else _C)
    assert stage.case(pending.id).booking.status is _C
    check_at_rest(stage)
    stage.advance(hours=24)
    return has_died
