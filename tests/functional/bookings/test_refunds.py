"""Support gives money back: never more than was paid, and out of the right pocket, whoever comes at the same time."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest

from callsheet.bookings.decide_refund import Decision, decide_refund
from callsheet.bookings.errors import (
    NothingToRefund,
    PaymentDisputed,
    ProposalLapsed,
    RefundDecided,
    RefundUnderWay,
    SecondPersonNeeded,
)
from callsheet.bookings.goodwill import BorneBy
from callsheet.bookings.list_refunds import list_refunds
from callsheet.bookings.model import BookingView, CreateBooking
from callsheet.bookings.refund_booking import refund_booking
from callsheet.bookings.refunds import Refund, RefundBooking
from callsheet.bookings.states import RefundStatus
from callsheet.kernel.errors import Forbidden, InvalidRequest, NotFound
from callsheet.kernel.ids import new_id
from callsheet.kernel.money import Money
from callsheet.kernel.principal import Principal, RequestKey, Role
from callsheet.ledger.get_trial_balance import get_trial_balance
from callsheet.payments.model import PaymentStatus
from callsheet.platform.transaction import Transaction
from callsheet.transfers.claiming import claim_transfer
from callsheet.transfers.model import Hold
from callsheet.transfers.release_transfer import release_transfer
from callsheet.transfers.take_back import TransferUnderWay
from tests.support.crashes import Died, MortalPayments, MortalTransfers, Steps
from tests.support.earning import JOB, NET, an_old_hand, completed
from tests.support.stage import Stage, somebody
from tests.support.truths import check_at_rest

TWENTY = Money.of(2000, "USD")


@pytest.fixture
def stage(tables: None) -> Stage:
    found = Stage()
    an_old_hand(found)
    return found


@pytest.fixture
def sven() -> Principal:
    return somebody(Role.SUPPORT)


def give(
    stage: Stage, booking: BookingView, sven: Principal, minor: int = 2000, borne_by: BorneBy = BorneBy.ALL
) -> Refund:
    command = RefundBooking(
        booking_id=booking.id, amount=Money.of(minor, "USD"), borne_by=borne_by, reason="The light failed"
    )
    return refund_booking(command, sven, stage.deps)


def a_big_one(stage: Stage) -> BookingView:
    """Accepted, for 1,000.00."""
    starts_at = stage.clock.now() + timedelta(hours=30)
    command = CreateBooking(
        provider_id=stage.pavel.user.id, amount=1000, payment_method="pm_card_visa",
        starts_at=starts_at, ends_at=starts_at + timedelta(hours=2),
    )  # fmt: skip
    return stage.accept(stage.book(command))


def balances(stage: Stage) -> dict[str, int]:
    names = {
        f"provider:{stage.pavel.user.id}:payable": "payable",
        f"provider:{stage.pavel.user.id}:receivable": "receivable",
        f"reserve:{stage.pavel.user.id}": "reserve",
    }
    found = get_trial_balance()
    assert found.is_balanced
    return {
        names.get(one.account, one.account): one.balance_minor for one in found.accounts if one.balance_minor
    }


def test_a_part_goes_back_before_completion_and_the_rest_is_earned_and_paid(
    stage: Stage, sven: Principal
) -> None:
    booking = stage.accepted(in_hours=30)
    refund = give(stage, booking, sven)
    assert (refund.status, refund.decided_by) == (RefundStatus.APPROVED, sven.id)
    assert stage.case(booking).payment.status is PaymentStatus.PARTIALLY_REFUNDED
    stage.advance(hours=33)
    stage.complete(booking)
    stage.sweep()
    paid = stage.transfer(booking).transferred.amount_minor
    assert paid == 8381 - stage.case(booking).payment.refunds[0].split.payable.amount_minor
    assert balances(stage).keys() <= {"stripe:cash", "platform:fees_revenue", "expense:processing"}
    check_at_rest(stage)


def test_what_the_provider_was_paid_is_taken_back_before_the_client_gets_it(
    stage: Stage, sven: Principal
) -> None:
    booking = completed(stage)
    stage.sweep()
    assert stage.transfer(booking).transferred == NET
    give(stage, booking, sven)
    split = stage.case(booking).payment.refunds[0].split
    assert stage.transfer(booking).transferred == NET - split.payable
    assert stage.stripe_transfers.calls[-1] == "reverse"
    assert "receivable" not in balances(stage)
    assert balances(stage).get("payable", 0) == 0
    check_at_rest(stage)


def test_what_cannot_be_taken_back_is_a_debt_that_the_next_booking_nets(
    stage: Stage, sven: Principal
) -> None:
    booking = completed(stage)
    stage.sweep()
    stage.stripe_transfers.is_spent = True
    give(stage, booking, sven)
    owed = stage.case(booking).payment.refunds[0].split.payable
    assert balances(stage)["receivable"] == owed.amount_minor
    following = completed(stage)
    stage.sweep()
    assert stage.transfer(following).transferred == NET - owed
    assert "receivable" not in balances(stage)
    check_at_rest(stage)


def test_goodwill_of_the_platform_leaves_the_provider_alone(stage: Stage, sven: Principal) -> None:
    booking = completed(stage)
    stage.sweep()
    give(stage, booking, sven, borne_by=BorneBy.PLATFORM)
    assert stage.transfer(booking).transferred == NET
    assert balances(stage)["expense:goodwill"] == 2000
    check_at_rest(stage)


def test_never_more_than_was_paid_however_often_it_is_tried(stage: Stage, sven: Principal) -> None:
    booking = completed(stage)
    for _ in range(3):
        give(stage, booking, sven, 3000)
    with pytest.raises(NothingToRefund) as refusal:
        give(stage, booking, sven, 1001)
    assert refusal.value.extra["left_minor"] == 1000
    give(stage, booking, sven, 1000)
    assert stage.case(booking).payment.status is PaymentStatus.REFUNDED
    with pytest.raises(NothingToRefund):
        give(stage, booking, sven, 1)
    stage.sweep()
    assert balances(stage).keys() <= {"stripe:cash", "expense:processing"}
    check_at_rest(stage)


def test_two_who_refund_at_once_give_no_more_than_there_is(stage: Stage, sven: Principal) -> None:
    """The second decides on what the first has claimed: it waits, and is refused once nothing is left."""
    booking = completed(stage)
    stage.fake.is_away = True
    give(stage, booking, sven, 6000)
    with pytest.raises(RefundUnderWay):
        give(stage, booking, somebody(Role.SUPPORT), 6000)
    stage.fake.is_away = False
    stage.advance(minutes=3)
    with pytest.raises(NothingToRefund):
        give(stage, booking, somebody(Role.SUPPORT), 6000)
    assert stage.case(booking).payment.refunded == Money.of(6000, "USD")
    check_at_rest(stage)


def test_the_same_request_again_gives_the_same_refund(stage: Stage, sven: Principal) -> None:
    booking = completed(stage)
    keyed = Principal(sven.id, roles=sven.roles, request_key=RequestKey("one", "same"))
    first, second = give(stage, booking, keyed), give(stage, booking, keyed)
    assert first == second
    assert stage.case(booking).payment.refunded == TWENTY


def test_a_cancellation_after_a_refund_gives_only_what_is_still_due(stage: Stage, sven: Principal) -> None:
    booking = stage.accepted(in_hours=100)
    give(stage, booking, sven)
    stage.cancel(booking, stage.pavel.user)
    stage.sweep()
    payment = stage.case(booking).payment
    assert payment.status is PaymentStatus.REFUNDED
    assert payment.refunded == payment.amount
    assert balances(stage).keys() <= {"stripe:cash", "expense:processing"}
    check_at_rest(stage)


def test_a_cancellation_waits_for_a_refund_under_way(stage: Stage, sven: Principal) -> None:
    booking = stage.accepted(in_hours=100)
    stage.fake.is_away = True
    give(stage, booking, sven)
    with pytest.raises(RefundUnderWay):
        stage.cancel(booking)
    stage.fake.is_away = False
    stage.advance(minutes=3)
    stage.cancel(booking)
    stage.sweep()
    check_at_rest(stage)


def test_completion_during_a_refund_earns_no_fee_that_goes_back(stage: Stage, sven: Principal) -> None:
    booking = stage.accepted(in_hours=30)
    stage.advance(hours=33)
    stage.fake.is_away = True
    give(stage, booking, sven)
    stage.complete(booking)
    stage.sweep()
    assert stage.transfer(booking).transferred.is_zero
    stage.fake.is_away = False
    stage.advance(hours=1)
    stage.advance(hours=24)
    assert "platform:fees_deferred" not in balances(stage)
    assert balances(stage).get("payable", 0) == 0
    check_at_rest(stage)


def test_a_refund_waits_for_a_transfer_under_way_and_takes_back_what_it_paid(
    stage: Stage, sven: Principal
) -> None:
    booking = completed(stage)
    claim_transfer(booking.id, JOB, stage.clock.now())
    with pytest.raises(TransferUnderWay):
        give(stage, booking, sven)
    assert stage.case(booking).payment.in_flight is None
    release_transfer(booking.id, JOB, stage.paying)
    give(stage, booking, sven)
    check_at_rest(stage)


def test_a_transfer_that_comes_due_during_a_refund_waits_for_it(stage: Stage, sven: Principal) -> None:
    booking = completed(stage)
    stage.fake.is_away = True
    give(stage, booking, sven)
    release_transfer(booking.id, JOB, stage.paying)
    assert [record.hold for record in stage.transfer(booking).holds] == [Hold.REFUND]
    assert stage.stripe_transfers.made == {}
    stage.fake.is_away = False
    stage.advance(minutes=3)
    stage.sweep()
    split = stage.case(booking).payment.refunds[0].split
    assert stage.transfer(booking).transferred == NET - split.payable
    check_at_rest(stage)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", range(5))
def test_a_crash_at_any_step_of_a_refund_of_paid_money_heals(
    stage: Stage, sven: Principal, at: int, after: bool
) -> None:
    booking = completed(stage)
    stage.sweep()
    steps = Steps(at, after)
    deps = stage.deps_with(MortalPayments(stage.fake, steps), MortalTransfers(stage.stripe_transfers, steps))
    command = RefundBooking(booking_id=booking.id, amount=TWENTY, reason="The light failed")
    with steps.watching_transactions(), suppress(Died):
        refund_booking(command, sven, deps)
    assert len(steps.names) == at + 1
    stage.advance(hours=26)
    payment = stage.case(booking).payment
    is_undone = at == 0 and not after
    assert payment.refunded == (None if is_undone else TWENTY)
    assert len(stage.stripe_transfers.reversals) == (0 if is_undone else 1)
    check_at_rest(stage)


@pytest.mark.parametrize(
    "decide",
    [
        lambda stage, booking: stage.complete(booking),
        lambda stage, booking: stage.cancel(booking, stage.adele),
    ],
    ids=["completion", "cancellation"],
)
def test_a_refund_recorded_on_a_booking_that_has_moved_meanwhile_is_decided_anew(
    stage: Stage, sven: Principal, decide: Callable[[Stage, BookingView], BookingView]
) -> None:
    booking = stage.accepted(in_hours=30)
    stage.advance(hours=33)
    give(stage, booking, sven)
    decide(stage, booking)
    stage.advance(hours=24)
    assert "platform:fees_deferred" not in balances(stage)
    check_at_rest(stage)


def test_much_money_takes_two(stage: Stage, sven: Principal) -> None:
    booking, frida = a_big_one(stage), somebody(Role.FINANCE)
    refund = give(stage, booking, sven, 50_001)
    assert refund.status is RefundStatus.PROPOSED
    assert stage.case(booking).payment.in_flight is None
    yes = Decision(booking_id=booking.id, refund_id=refund.id, is_approved=True, reason="I have seen it")
    with pytest.raises(SecondPersonNeeded):
        decide_refund(yes, sven, stage.deps)
    approved = decide_refund(yes, frida, stage.deps)
    assert (approved.proposed_by, approved.decided_by, approved.decided_for) == (
        sven.id, frida.id, "I have seen it",
    )  # fmt: skip
    assert decide_refund(yes, frida, stage.deps) == approved
    assert stage.case(booking).payment.refunded == Money.of(50_001, "USD")
    no = Decision(booking_id=booking.id, refund_id=refund.id, is_approved=False, reason="Too late")
    with pytest.raises(RefundDecided):
        decide_refund(no, frida, stage.deps)
    check_at_rest(stage)


def test_what_the_second_person_rejects_does_not_move(stage: Stage, sven: Principal) -> None:
    booking = a_big_one(stage)
    refund = give(stage, booking, sven, 60_000)
    no = Decision(
        booking_id=booking.id, refund_id=refund.id, is_approved=False, reason="The pictures are fine"
    )
    assert decide_refund(no, somebody(Role.ADMIN), stage.deps).status is RefundStatus.REJECTED
    assert stage.case(booking).payment.refunded is None
    assert [one.status for one in list_refunds(booking.id, stage.clock).items] == [RefundStatus.REJECTED]


def test_a_proposal_lapses_after_seven_days(stage: Stage, sven: Principal) -> None:
    booking = a_big_one(stage)
    refund = give(stage, booking, sven, 60_000)
    stage.clock.moment += timedelta(days=7)
    yes = Decision(booking_id=booking.id, refund_id=refund.id, is_approved=True, reason="At last")
    with pytest.raises(ProposalLapsed):
        decide_refund(yes, somebody(Role.ADMIN), stage.deps)
    assert [one.status for one in list_refunds(booking.id, stage.clock).items] == [RefundStatus.LAPSED]
    assert stage.case(booking).payment.in_flight is None


def test_refusals_change_nothing(stage: Stage, sven: Principal) -> None:
    booking = stage.accepted()
    with pytest.raises(Forbidden):
        give(stage, booking, stage.pavel.user)
    with pytest.raises(InvalidRequest):
        give(stage, booking, sven, 0)
    with pytest.raises(InvalidRequest):
        give(stage, booking, sven, -5)
    with pytest.raises(NothingToRefund):
        refund_booking(
            RefundBooking(booking_id=booking.id, amount=Money.of(1, "EUR"), reason="Wrong money"),
            sven,
            stage.deps,
        )
    unpaid = stage.book(in_hours=80)
    with pytest.raises(NothingToRefund):
        give(stage, unpaid, sven)
    yes = Decision(booking_id=booking.id, refund_id=new_id("rfd"), is_approved=True, reason="Which?")
    with pytest.raises(NotFound):
        decide_refund(yes, sven, stage.deps)
    assert list_refunds(booking.id, stage.clock).items == ()
    assert stage.case(booking).payment.refunded is None


def test_a_disputed_payment_is_not_refunded(stage: Stage, sven: Principal) -> None:
    booking = completed(stage)
    stage.fake.dispute(stage.intent_id(booking))
    give(stage, booking, sven)  # the dispute is heard of when Stripe refuses
    assert stage.case(booking).payment.status is PaymentStatus.DISPUTED
    assert stage.case(booking).payment.refunded is None
    with pytest.raises(PaymentDisputed):
        give(stage, booking, sven)


@pytest.mark.parametrize(("who", "percent"), [("pavel", 100), ("carla", 50)])
def test_a_cancellation_after_the_platforms_goodwill_gives_no_more_than_was_paid(
    stage: Stage, sven: Principal, who: str, percent: int
) -> None:
    """Counted part by part alone, the refund was more than Stripe had left, and never came."""
    booking = stage.accepted(in_hours=100 if percent == 100 else 48)
    give(stage, booking, sven, borne_by=BorneBy.PLATFORM)
    stage.cancel(booking, stage.pavel.user if who == "pavel" else stage.carla)
    stage.sweep()
    payment = stage.case(booking).payment
    assert payment.in_flight is None
    if percent == 100:
        assert payment.refunded == payment.amount
        assert "expense:goodwill" not in balances(stage)
    assert balances(stage).get("payable", 0) == 0
    check_at_rest(stage)


@pytest.mark.parametrize(("who", "share"), [("pavel", 0), ("carla", 50)])
def test_a_cancellation_after_goodwill_of_everything_leaves_the_provider_what_is_theirs_and_no_more(
    stage: Stage, sven: Principal, who: str, share: int
) -> None:
    """The client had all of it from the platform, so nothing goes back: the provider was paid as for the work, once."""
    booking = stage.accepted(in_hours=48)
    give(stage, booking, sven, 10_000, BorneBy.PLATFORM)
    asked = len(stage.fake.calls)
    stage.cancel(booking, stage.pavel.user if who == "pavel" else stage.carla)
    stage.sweep()
    assert len(stage.fake.calls) == asked
    payment = stage.case(booking).payment
    assert (payment.status, payment.refunded, payment.in_flight) == (
        PaymentStatus.REFUNDED, payment.amount, None,
    )  # fmt: skip
    assert stage.transfer(booking).transferred.amount_minor == (NET.amount_minor + 1) * share // 100
    assert balances(stage).get("payable", 0) == 0
    given = given_by_the_parts(stage, booking)
    assert balances(stage).get("expense:goodwill", 0) == 10_000 - given
    assert (given == 10_000) is (who == "pavel")
    check_at_rest(stage)


def given_by_the_parts(stage: Stage, booking: BookingView) -> int:
    """What has come out of the payment's parts in the end."""
    returned = stage.case(booking).payment.returned
    assert returned is not None
    return sum(part.amount_minor for part in returned.parts)


def test_what_was_refunded_before_refunds_were_kept_counts(stage: Stage, sven: Principal) -> None:
    booking = stage.accepted(in_hours=48)
    stage.cancel(booking)
    case = stage.case(booking)
    txn = Transaction(sven, stage.clock.now())
    case.save_payment(txn, case.payment.model_copy(update={"refunds": ()}))
    txn.commit()
    refunded = case.payment.refunded
    assert refunded is not None
    with pytest.raises(NothingToRefund) as refusal:
        give(stage, booking, sven, 10_000 - refunded.amount_minor + 1)
    assert refusal.value.extra["left_minor"] == 10_000 - refunded.amount_minor


def test_two_halves_of_much_money_take_two_as_well(stage: Stage, sven: Principal) -> None:
    booking = a_big_one(stage)
    assert give(stage, booking, sven, 50_000).status is RefundStatus.APPROVED
    assert give(stage, booking, sven, 1).status is RefundStatus.PROPOSED
