"""Two act on one amendment, or on it and its booking, at once: in every order of their steps they come to one end."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

import pytest

from callsheet.amendments.accept_amendment import accept_amendment
from callsheet.amendments.errors import AmendmentTooLarge
from callsheet.amendments.model import AmendmentView, Answer
from callsheet.bookings.converge_payment import converge_payment
from callsheet.bookings.model import BookingView
from callsheet.bookings.rules import BookingStatus
from callsheet.kernel.errors import CallsheetError
from callsheet.ledger.list_entries import list_entries
from callsheet.payments.model import PaymentStatus
from tests.support.crashes import Died, MortalPayments, Steps
from tests.support.meanwhile import Meanwhile
from tests.support.stage import Stage, stripe
from tests.support.truths import check_always, check_at_rest

_A, _D, _C = BookingStatus.ACCEPTED, BookingStatus.COMPLETED, BookingStatus.CANCELLED
_MOST_STEPS = 12

type Other = Callable[[Stage, BookingView, AmendmentView], object]


@dataclass(frozen=True, slots=True)
class End:
    """Where booking and amendment have come to rest."""

    booking: BookingStatus
    amendment: BookingStatus
    payment: PaymentStatus


def _over(stage: Stage) -> BookingView:
    """A booking whose session is over, and may be completed or, by an admin, cancelled."""
    booking = stage.accepted(in_hours=30)
    stage.advance(hours=33)
    return booking


def _ends(stage: Stage, other: Other, *, by_client: bool) -> Iterator[End]:
    """What comes of a consent while `other` acts before its first step, its second, and so on."""
    for at in range(_MOST_STEPS):
        booking = _over(stage)
        proposed = stage.propose(booking, stage.carla if by_client else stage.pavel.user)
        steps = Meanwhile(at, other=_quietly(lambda: other(stage, booking, proposed)))  # noqa: B023
        answer = Answer(booking_id=booking.id, amendment_id=proposed.id)
        consenting = stage.pavel.user if by_client else stage.carla
        with steps.watching_transactions(), suppress(CallsheetError):
            accept_amendment(answer, consenting, stage.deps_with(MortalPayments(stage.fake, steps)))
        check_always(stage)
        if at >= len(steps.names):
            return
        stage.advance(hours=1.1)
        stage.advance(minutes=5)
        check_at_rest(stage)
        kept, amendment = stage.case(booking), stage.case(proposed.id)
        assert [one.status for one in kept.booking.amendments] == [amendment.booking.status]
        yield End(kept.booking.status, amendment.booking.status, amendment.payment.status)
        stage.advance(hours=24)
    raise AssertionError("more steps than anything has")


def _quietly(act: Callable[[], object]) -> Callable[[], None]:
    def acted() -> None:
        with suppress(CallsheetError):
            act()

    return acted


@pytest.mark.parametrize("by_client", [True, False])
def test_a_booking_that_completes_while_an_amendment_is_agreed_completes_it_or_ends_it(
    stage: Stage, by_client: bool
) -> None:
    ends = list(_ends(stage, lambda s, b, _: s.complete(b), by_client=by_client))
    done, ended = End(_D, _D, PaymentStatus.CAPTURED), End(_D, _C, PaymentStatus.VOIDED)
    assert ends[0] == ended, "the claim holds the booking to what was read"
    assert ends[-1] == done
    assert set(ends) == {done, ended}


@pytest.mark.parametrize("by_client", [True, False])
def test_a_booking_that_is_cancelled_while_an_amendment_is_agreed_gives_back_what_was_taken(
    stage: Stage, by_client: bool
) -> None:
    ends = list(_ends(stage, lambda s, b, _: s.cancel(b, s.adele), by_client=by_client))
    assert {end.booking for end in ends} == {_C}
    assert {end.amendment for end in ends} == {_C}
    assert {end.payment for end in ends} == {PaymentStatus.VOIDED, PaymentStatus.REFUNDED}


@pytest.mark.parametrize("by_client", [True, False])
def test_of_consent_and_refusal_the_first_that_is_written_holds(stage: Stage, by_client: bool) -> None:
    def refuse(stage: Stage, _booking: BookingView, proposed: AmendmentView) -> object:
        return stage.refuse(proposed, stage.pavel.user if by_client else stage.carla)

    ends = list(_ends(stage, refuse, by_client=by_client))
    assert ends[0] == End(_A, _C, PaymentStatus.VOIDED)
    assert ends[-1] == End(_A, _A, PaymentStatus.CAPTURED)


@pytest.mark.parametrize("by_client", [True, False])
def test_of_consent_and_withdrawal_the_first_that_is_written_holds(stage: Stage, by_client: bool) -> None:
    def withdraw(stage: Stage, _booking: BookingView, proposed: AmendmentView) -> object:
        return stage.withdraw(proposed, stage.carla if by_client else stage.pavel.user)

    ends = list(_ends(stage, withdraw, by_client=by_client))
    assert ends[0] == End(_A, _C, PaymentStatus.VOIDED)
    assert ends[-1] == End(_A, _A, PaymentStatus.CAPTURED)


@pytest.mark.parametrize("by_client", [True, False])
def test_two_who_consent_at_once_take_the_money_once(stage: Stage, by_client: bool) -> None:
    def consent(stage: Stage, _booking: BookingView, proposed: AmendmentView) -> object:
        taken.append(proposed.id)
        return stage.consent(proposed, stage.pavel.user if by_client else stage.carla)

    taken: list[str] = []
    for end in _ends(stage, consent, by_client=by_client):
        assert end == End(_A, _A, PaymentStatus.CAPTURED)
        assert [e.cause for e in list_entries(taken[-1]).items].count("capture") == 1


@pytest.mark.parametrize("by_client", [True, False])
def test_whoever_consents_is_told_of_the_end_also_where_a_webhook_was_first_and_its_consumer_has_died(
    stage: Stage, by_client: bool
) -> None:
    """Before each step of the consent somebody else does the next one, two, or all steps of the same."""
    consenting = stage.pavel.user if by_client else stage.carla
    for at in range(1, 5):
        for dies_after in (0, 1, 2, None):
            proposed = stage.propose(_over(stage), stage.carla if by_client else stage.pavel.user)
            theirs = Steps(dies_after, after=True)
            steps = Meanwhile(at, other=partial(_hears, stage, proposed.id, theirs))
            answer = Answer(booking_id=proposed.booking_id, amendment_id=proposed.id)
            with steps.watching_transactions():
                told = accept_amendment(
                    answer, consenting, stage.deps_with(MortalPayments(stage.fake, steps))
                )
            assert told.status is _A, (at, dies_after, steps.names, theirs.names)
            assert [e.cause for e in list_entries(proposed.id).items].count("capture") == 1
            check_always(stage)
            stage.advance(hours=24)


def _hears(stage: Stage, amendment_id: str, steps: Steps) -> None:
    deps = stage.deps_with(MortalPayments(stage.fake, steps))
    with steps.watching_transactions(), suppress(Died, CallsheetError):
        converge_payment(amendment_id, stripe(), deps)


def test_two_proposals_at_once_do_not_come_to_more_than_the_booking(stage: Stage) -> None:
    booking = stage.accepted()
    left = stage.case(booking).booking.price.subtotal.amount_minor
    steps = Meanwhile(0, other=lambda: stage.propose(booking, stage.pavel.user, minor=left - 10_00))
    with steps.watching_transactions(), pytest.raises(AmendmentTooLarge):
        stage.propose(booking, minor=10_01)
    (kept,) = stage.case(booking).booking.amendments
    assert kept.subtotal.amount_minor == left - 10_00


@pytest.mark.parametrize("is_completed", [True, False])
def test_what_is_proposed_while_the_booking_ends_is_refused_or_ends_with_it(
    stage: Stage, is_completed: bool
) -> None:
    for at in (0, 1):
        booking = _over(stage)

        def end() -> object:
            return stage.complete(booking) if is_completed else stage.cancel(booking, stage.adele)  # noqa: B023

        steps = Meanwhile(at, other=end)
        with steps.watching_transactions(), suppress(CallsheetError):
            stage.propose(booking)
        stage.advance(hours=1.1)
        stage.advance(minutes=5)
        kept = stage.case(booking).booking
        assert kept.status is (_D if is_completed else _C)
        assert not any(one.is_open for one in kept.amendments)
        check_at_rest(stage)


@pytest.mark.parametrize("is_completed", [True, False])
def test_a_booking_that_ends_sees_what_was_proposed_meanwhile(stage: Stage, is_completed: bool) -> None:
    """The proposal changes the booking, so that who read it before decides anew."""
    booking = _over(stage)
    steps = Meanwhile(0, other=lambda: stage.propose(booking))
    with steps.watching_transactions():
        if is_completed:
            stage.complete(booking)
        else:
            stage.cancel(booking, stage.adele)
    stage.advance(minutes=5)
    (kept,) = stage.case(booking).booking.amendments
    assert kept.status is _C
    check_at_rest(stage)
