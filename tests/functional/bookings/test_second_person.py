"""What one person of support may give alone counts a booking and what came on top of it together."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from callsheet.amendments.model import AmendmentView
from callsheet.bookings.decide_refund import Decision, decide_refund
from callsheet.bookings.model import BookingView, CreateBooking
from callsheet.bookings.refund_booking import refund_booking
from callsheet.bookings.refunds import Refund, RefundBooking
from callsheet.bookings.states import RefundStatus
from callsheet.kernel.money import Money
from callsheet.kernel.principal import Role
from tests.support.earning import an_old_hand
from tests.support.meanwhile import Meanwhile
from tests.support.stage import Stage, somebody
from tests.support.truths import check_at_rest

APPROVED, PROPOSED = RefundStatus.APPROVED, RefundStatus.PROPOSED


@pytest.fixture
def stage(tables: None) -> Stage:
    found = Stage()
    an_old_hand(found)
    return found


def an_evening(stage: Stage) -> tuple[BookingView, AmendmentView, AmendmentView]:
    """A booking of 1,000.00, and two amendments that the client has paid more than 400.00 for, each."""
    starts_at = stage.clock.now() + timedelta(hours=30)
    command = CreateBooking(
        provider_id=stage.pavel.user.id, amount=1000, payment_method="pm_card_visa",
        starts_at=starts_at, ends_at=starts_at + timedelta(hours=2),
    )  # fmt: skip
    booking = stage.accept(stage.book(command))
    first, second = (stage.consent(stage.propose(booking, minor=400_00)) for _ in range(2))
    return booking, first, second


def give(stage: Stage, to: BookingView | AmendmentView, minor: int) -> Refund:
    command = RefundBooking(booking_id=to.id, amount=Money.of(minor, "USD"), reason="The light failed")
    return refund_booking(command, somebody(Role.SUPPORT), stage.deps)


def test_refunds_of_a_booking_and_its_amendments_add_up(stage: Stage) -> None:
    booking, first, second = an_evening(stage)
    assert give(stage, first, 200_00).status is APPROVED
    assert give(stage, booking, 200_00).status is APPROVED
    for one in (booking, first, second):
        assert give(stage, one, 100_01).status is PROPOSED
        assert stage.case(one.id).payment.in_flight is None
    assert give(stage, second, 100_00).status is APPROVED
    assert give(stage, booking, 1).status is PROPOSED
    given = [stage.case(one.id).payment.refunded for one in (booking, first, second)]
    assert given == [Money.of(minor, "USD") for minor in (200_00, 200_00, 100_00)]
    check_at_rest(stage)


def test_what_is_on_its_way_counts_as_well(stage: Stage) -> None:
    booking, first, second = an_evening(stage)
    stage.fake.is_away = True
    assert give(stage, first, 300_00).status is APPROVED
    assert give(stage, booking, 200_01).status is PROPOSED
    assert give(stage, second, 200_00).status is APPROVED
    stage.fake.is_away = False
    stage.advance(minutes=3)
    assert give(stage, booking, 1).status is PROPOSED
    check_at_rest(stage)


type Pick = Callable[[BookingView, AmendmentView, AmendmentView], tuple[AmendmentView | BookingView, ...]]


@pytest.mark.parametrize(
    "pick",
    [lambda b, a, _: (b, a), lambda b, a, _: (a, b), lambda _, a, c: (a, c)],
    ids=["booking, then amendment", "amendment, then booking", "two amendments"],
)
def test_of_two_who_give_at_once_the_later_needs_somebody_else(stage: Stage, pick: Pick) -> None:
    """The other is done just before the first one's transaction: each by itself is small."""
    one, other = pick(*an_evening(stage))
    given: list[Refund] = []
    meanwhile = Meanwhile(0, other=lambda: given.append(give(stage, other, 300_00)))
    with meanwhile.watching_transactions():
        mine = give(stage, one, 300_00)
    (theirs,) = given
    assert (theirs.status, mine.status) == (APPROVED, PROPOSED)
    assert stage.case(one.id).payment.refunded is None
    assert stage.case(other.id).payment.refunded == Money.of(300_00, "USD")
    check_at_rest(stage)


def test_what_a_second_person_approves_of_an_amendment_goes_back_and_counts(stage: Stage) -> None:
    booking, first, _ = an_evening(stage)
    give(stage, booking, 300_00)
    asked = give(stage, first, 300_00)
    yes = Decision(booking_id=first.id, refund_id=asked.id, is_approved=True, reason="I have seen it")
    assert decide_refund(yes, somebody(Role.FINANCE), stage.deps).status is APPROVED
    assert stage.case(first.id).payment.refunded == Money.of(300_00, "USD")
    assert give(stage, booking, 1).status is PROPOSED
    check_at_rest(stage)
