"""Disputes from opening to the end: what moves in the books, what the provider gets, whatever is lost in between."""

from collections.abc import Callable
from contextlib import suppress

import pytest

from callsheet.bookings.check_disputes import Looked, check_disputes
from callsheet.bookings.converge_payment import converge_payment
from callsheet.bookings.errors import PaymentDisputed
from callsheet.bookings.list_disputes import list_disputes
from callsheet.bookings.model import BookingView
from callsheet.bookings.rules import BookingStatus
from callsheet.gateways.disputes import DisputeStatus
from callsheet.gateways.errors import PaymentsUnavailable
from callsheet.kernel.errors import NotFound
from callsheet.kernel.ids import new_id
from callsheet.kernel.money import Money
from callsheet.kernel.principal import Principal, Role
from callsheet.ledger.list_entries import list_entries
from callsheet.payments.disputes import Dispute
from callsheet.payments.model import PaymentStatus
from callsheet.platform.records import EventItem
from callsheet.transfers.claiming import claim_transfer
from callsheet.transfers.model import Hold, TransferStatus
from callsheet.transfers.release_transfer import release_transfer
from tests.functional.bookings.test_refunds import balances, give
from tests.support.crashes import Died, MortalDisputes, MortalPayments, Steps
from tests.support.disputes import FEE_MINOR
from tests.support.earning import JOB, NET, an_old_hand, completed
from tests.support.stage import Stage, due_items, somebody, stripe
from tests.support.truths import check_always, check_at_rest

WON, LOST, UNDER_REVIEW = DisputeStatus.WON, DisputeStatus.LOST, DisputeStatus.UNDER_REVIEW
TWENTY = Money.of(2000, "USD")


@pytest.fixture
def stage(tables: None) -> Stage:
    found = Stage()
    an_old_hand(found)
    return found


@pytest.fixture
def sven() -> Principal:
    return somebody(Role.SUPPORT)


def webhook(stage: Stage, booking: BookingView) -> None:
    converge_payment(booking.id, stripe(), stage.deps)


def open_dispute(stage: Stage, booking: BookingView, amount: Money | None = None) -> str:
    dispute_id = stage.fake.dispute(stage.intent_id(booking), amount)
    webhook(stage, booking)
    return dispute_id


def decide(stage: Stage, booking: BookingView, dispute_id: str, status: DisputeStatus) -> None:
    stage.fake.disputes.decide(dispute_id, status)
    webhook(stage, booking)


def the_dispute(booking: BookingView) -> Dispute:
    (dispute,) = list_disputes(booking.id).items
    return dispute


def status_of(stage: Stage, booking: BookingView) -> PaymentStatus:
    return stage.case(booking).payment.status


def holds_of(stage: Stage, booking: BookingView) -> set[Hold]:
    return {record.hold for record in stage.transfer(booking).holds}


def causes(booking: BookingView) -> list[str]:
    return [entry.cause for entry in list_entries(booking.id).items if entry.cause.startswith("dispute_")]


def told(booking: BookingView) -> list[str]:
    names = [item.document.name for item in EventItem.query(booking.id)]
    return [name for name in names if name.startswith("dispute.")]


def test_a_dispute_takes_the_money_and_a_fee_and_holds_what_the_provider_gets(stage: Stage) -> None:
    booking = completed(stage)
    total = booking.price.total.amount_minor
    dispute_id = open_dispute(stage, booking)
    stage.sweep()
    assert status_of(stage, booking) is PaymentStatus.DISPUTED
    assert holds_of(stage, booking) == {Hold.DISPUTE}
    assert stage.transfer(booking).status is TransferStatus.DUE
    assert (balances(stage)["stripe:disputed"], balances(stage)["expense:chargebacks"]) == (total, FEE_MINOR)
    entries = [one for one in list_entries(booking.id).items if one.cause.startswith("dispute_")]
    assert {entry.cause: entry.reference for entry in entries} == {
        f"dispute_opened:{dispute_id}": dispute_id,
        f"dispute_fee:{dispute_id}": dispute_id,
    }
    assert told(booking) == ["dispute.opened"]
    check_at_rest(stage)


def test_a_dispute_that_is_won_brings_the_money_back_and_the_provider_is_paid(stage: Stage) -> None:
    booking = completed(stage)
    dispute_id = open_dispute(stage, booking)
    stage.sweep()
    decide(stage, booking, dispute_id, WON)
    assert status_of(stage, booking) is PaymentStatus.CAPTURED
    stage.sweep()
    assert stage.transfer(booking).transferred == NET
    assert "stripe:disputed" not in balances(stage)
    assert the_dispute(booking).status is WON
    assert told(booking) == ["dispute.opened", "dispute.won"]
    check_at_rest(stage)


def test_a_fee_that_stripe_gives_back_is_no_cost(stage: Stage) -> None:
    booking = completed(stage)
    stage.fake.disputes.returns_fees = True
    decide(stage, booking, open_dispute(stage, booking), WON)
    assert "expense:chargebacks" not in balances(stage)
    check_at_rest(stage)


def test_a_dispute_that_is_lost_is_borne_by_all_and_the_providers_part_is_netted(stage: Stage) -> None:
    booking = completed(stage)
    dispute_id = open_dispute(stage, booking)
    stage.sweep()
    decide(stage, booking, dispute_id, LOST)
    stage.sweep()
    assert status_of(stage, booking) is PaymentStatus.DISPUTED
    assert stage.transfer(booking).status is TransferStatus.SETTLED
    assert (stage.transfer(booking).netted, stage.stripe_transfers.paid_minor()) == (NET, 0)
    left = balances(stage)
    assert left.keys() == {"stripe:cash", "expense:processing", "expense:chargebacks"}
    assert told(booking) == ["dispute.opened", "dispute.lost"]
    check_at_rest(stage)


def test_what_the_provider_was_paid_before_is_a_debt_that_the_next_booking_nets(stage: Stage) -> None:
    booking = completed(stage)
    stage.sweep()
    assert stage.transfer(booking).transferred == NET
    decide(stage, booking, open_dispute(stage, booking), LOST)
    stage.sweep()
    assert balances(stage)["receivable"] == NET.amount_minor
    following = completed(stage)
    stage.sweep()
    assert stage.transfer(following).status is TransferStatus.SETTLED
    assert stage.transfer(following).netted == NET
    assert "receivable" not in balances(stage)
    check_at_rest(stage)


def test_a_transfer_under_way_leaves_and_is_owed_back_when_the_dispute_is_lost(stage: Stage) -> None:
    booking = completed(stage)
    claim_transfer(booking.id, JOB, stage.clock.now())
    dispute_id = open_dispute(stage, booking)
    release_transfer(booking.id, JOB, stage.paying)
    assert stage.transfer(booking).transferred == NET
    decide(stage, booking, dispute_id, LOST)
    stage.sweep()
    assert balances(stage)["receivable"] == NET.amount_minor
    assert holds_of(stage, booking) == set()
    check_at_rest(stage)


def test_completing_does_not_earn_fees_that_a_lost_dispute_took(stage: Stage) -> None:
    booking = stage.accepted(in_hours=30)
    decide(stage, booking, open_dispute(stage, booking), LOST)
    assert "platform:fees_deferred" not in balances(stage)
    stage.advance(hours=33)
    stage.complete(booking)
    stage.sweep()
    left = balances(stage)
    assert left.keys() == {"stripe:cash", "expense:processing", "expense:chargebacks"}
    assert stage.transfer(booking).status is TransferStatus.SETTLED
    check_at_rest(stage)


def test_a_dispute_over_completion_still_takes_earned_fees(stage: Stage) -> None:
    booking = stage.accepted(in_hours=30)
    dispute_id = open_dispute(stage, booking)
    stage.advance(hours=33)
    stage.complete(booking)
    earned = balances(stage)["platform:fees_revenue"]
    assert earned < 0
    decide(stage, booking, dispute_id, LOST)
    stage.sweep()
    assert "platform:fees_revenue" not in balances(stage)
    check_at_rest(stage)


def test_a_partial_dispute_takes_its_amount_of_each_part_and_the_rest_is_paid(stage: Stage) -> None:
    booking = completed(stage)
    dispute_id = open_dispute(stage, booking, TWENTY)
    assert balances(stage)["stripe:disputed"] == 2000
    decide(stage, booking, dispute_id, LOST)
    stage.sweep()
    (loss,) = stage.case(booking).payment.losses
    assert loss.split.total == TWENTY
    assert 0 < loss.split.payable.amount_minor < 2000
    assert stage.transfer(booking).transferred == NET - loss.split.payable
    assert stage.transfer(booking).netted == loss.split.payable
    check_at_rest(stage)


def test_after_a_partial_refund_only_what_is_left_is_borne_by_the_parts(
    stage: Stage, sven: Principal
) -> None:
    booking = completed(stage)
    give(stage, booking, sven)
    total = booking.price.total
    dispute_id = open_dispute(stage, booking, total)
    decide(stage, booking, dispute_id, LOST)
    stage.sweep()
    returned = stage.case(booking).payment.returned
    assert returned is not None
    assert returned.total == total
    assert balances(stage)["expense:chargebacks"] == FEE_MINOR + 2000
    check_at_rest(stage)


def test_a_won_dispute_of_what_was_partly_refunded_leaves_it_so(stage: Stage, sven: Principal) -> None:
    booking = completed(stage)
    give(stage, booking, sven)
    decide(stage, booking, open_dispute(stage, booking), WON)
    assert status_of(stage, booking) is PaymentStatus.PARTIALLY_REFUNDED
    check_at_rest(stage)


def test_a_refund_after_a_lost_dispute_is_refused_and_nothing_changes(stage: Stage, sven: Principal) -> None:
    booking = completed(stage)
    decide(stage, booking, open_dispute(stage, booking, TWENTY), LOST)
    before, payment = balances(stage), stage.case(booking).payment
    with pytest.raises(PaymentDisputed):
        give(stage, booking, sven)
    assert (balances(stage), stage.case(booking).payment) == (before, payment)


@pytest.mark.parametrize("first", [WON, LOST])
@pytest.mark.parametrize("second", [WON, LOST])
def test_of_several_disputes_the_last_one_to_close_lets_the_money_go(
    stage: Stage, first: DisputeStatus, second: DisputeStatus
) -> None:
    booking = completed(stage)
    one, other = open_dispute(stage, booking, TWENTY), open_dispute(stage, booking, TWENTY)
    decide(stage, booking, one, first)
    stage.sweep()
    assert status_of(stage, booking) is PaymentStatus.DISPUTED
    assert holds_of(stage, booking) == {Hold.DISPUTE}
    check_at_rest(stage)
    decide(stage, booking, other, second)
    stage.sweep()
    is_all_won = (first, second) == (WON, WON)
    assert status_of(stage, booking) is (PaymentStatus.CAPTURED if is_all_won else PaymentStatus.DISPUTED)
    lost = [loss.split.payable for loss in stage.case(booking).payment.losses]
    assert len(lost) == [first, second].count(LOST)
    paid = stage.transfer(booking).transferred.amount_minor
    assert paid == NET.amount_minor - sum(part.amount_minor for part in lost)
    check_at_rest(stage)


def test_an_inquiry_moves_nothing_and_may_become_a_dispute(stage: Stage) -> None:
    booking = completed(stage)
    dispute_id = stage.fake.dispute(stage.intent_id(booking), is_inquiry=True)
    before = balances(stage)
    webhook(stage, booking)
    assert (the_dispute(booking).status, status_of(stage, booking)) == (
        DisputeStatus.INQUIRY,
        PaymentStatus.CAPTURED,
    )
    assert (balances(stage), holds_of(stage, booking), told(booking)) == (before, set(), [])
    stage.fake.disputes.withdraw(dispute_id)
    stage.advance(hours=25)  # no webhook
    assert status_of(stage, booking) is PaymentStatus.DISPUTED
    assert told(booking) == ["dispute.opened"]
    check_at_rest(stage)


def test_an_inquiry_that_ends_leaves_nothing_to_look_at(stage: Stage) -> None:
    booking = completed(stage)
    dispute_id = stage.fake.dispute(stage.intent_id(booking), is_inquiry=True)
    webhook(stage, booking)
    decide(stage, booking, dispute_id, DisputeStatus.INQUIRY_CLOSED)
    assert not the_dispute(booking).is_open
    assert check_disputes(booking.id, stripe(), stage.deps) is Looked.CLOSED
    check_at_rest(stage)


@pytest.mark.parametrize("status", [WON, LOST])
def test_webhooks_twice_late_and_in_any_order_write_each_step_once(
    stage: Stage, status: DisputeStatus
) -> None:
    booking = completed(stage)
    dispute_id = stage.fake.dispute(stage.intent_id(booking))
    stage.fake.disputes.decide(dispute_id, status)
    for _ in range(4):
        webhook(stage, booking)
    assert sorted(causes(booking)) == sorted(
        [f"dispute_opened:{dispute_id}", f"dispute_fee:{dispute_id}", f"dispute_{status}:{dispute_id}"]
    )
    assert sorted(told(booking)) == sorted(["dispute.opened", f"dispute.{status}"])
    check_at_rest(stage)


@pytest.mark.parametrize("status", [WON, LOST])
def test_an_end_whose_webhook_was_lost_is_found_by_the_daily_look(
    stage: Stage, status: DisputeStatus
) -> None:
    booking = completed(stage)
    dispute_id = open_dispute(stage, booking)
    stage.fake.disputes.decide(dispute_id, status)
    stage.advance(hours=25)
    assert the_dispute(booking).status is status
    stage.advance(hours=1000)
    assert due_items(stage.clock.now()) == []
    check_at_rest(stage)


def test_money_that_stripe_books_a_moment_later_is_posted_when_it_is_there(stage: Stage) -> None:
    booking = completed(stage)
    dispute_id = stage.fake.dispute(stage.intent_id(booking), is_inquiry=True)
    stage.fake.disputes.decide(dispute_id, UNDER_REVIEW)
    webhook(stage, booking)
    assert status_of(stage, booking) is PaymentStatus.DISPUTED
    assert the_dispute(booking).withdrawn is None
    stage.fake.disputes.withdraw(dispute_id)
    webhook(stage, booking)
    assert the_dispute(booking).withdrawn == booking.price.total
    decide(stage, booking, dispute_id, LOST)
    check_at_rest(stage)


def test_support_is_woken_a_day_before_time_runs_out_and_told_once(stage: Stage) -> None:
    booking = completed(stage)
    open_dispute(stage, booking)
    stage.advance(hours=8 * 24 - 1)
    assert told(booking) == ["dispute.opened"]
    stage.clock.moment += (the_dispute(booking).evidence_due_at or stage.clock.now()) - stage.clock.now()
    assert check_disputes(booking.id, JOB, stage.deps) is Looked.RUNS_OUT
    assert check_disputes(booking.id, JOB, stage.deps) is Looked.RUNS_OUT
    assert told(booking) == ["dispute.opened", "dispute.evidence_due"]
    assert any(item.kind == "dispute.check" for item in due_items(stage.clock.now().replace(year=2027)))


def test_an_outage_ends_no_daily_look(stage: Stage) -> None:
    booking = completed(stage)
    dispute_id = open_dispute(stage, booking)
    stage.fake.disputes.decide(dispute_id, WON)
    stage.fake.disputes.is_away = True
    with pytest.raises(PaymentsUnavailable):
        check_disputes(booking.id, JOB, stage.deps)
    stage.advance(hours=50)
    stage.fake.disputes.is_away = False
    stage.advance(hours=25)
    assert the_dispute(booking).status is WON
    check_at_rest(stage)


def overtaken(stage: Stage) -> tuple[BookingView, str]:
    """Cancelled with everything to go back, but the cardholder's bank was faster."""
    booking = stage.accepted(in_hours=100)
    stage.fake.is_away = True
    stage.cancel(booking)
    stage.fake.is_away = False
    dispute_id = stage.fake.dispute(stage.intent_id(booking))
    stage.advance(minutes=5)
    return booking, dispute_id


def test_a_refund_that_a_dispute_overtook_leaves_once_it_is_won(stage: Stage) -> None:
    booking, dispute_id = overtaken(stage)
    payment = stage.case(booking).payment
    assert (payment.status, payment.in_flight) == (PaymentStatus.DISPUTED, None)
    assert payment.set_aside is not None
    check_at_rest(stage)
    decide(stage, booking, dispute_id, WON)
    stage.sweep()
    payment = stage.case(booking).payment
    refunded = stage.case(booking).booking.cancellation
    assert refunded is not None
    assert refunded.refund is not None
    assert payment.refunded == refunded.refund.total
    assert payment.set_aside is None
    check_at_rest(stage)


def test_a_refund_that_a_dispute_overtook_is_the_banks_once_it_is_lost(stage: Stage) -> None:
    booking, dispute_id = overtaken(stage)
    decide(stage, booking, dispute_id, LOST)
    stage.sweep()
    case = stage.case(booking)
    assert (case.payment.set_aside, case.payment.in_flight, case.payment.refunded) == (None, None, None)
    assert case.booking.status is BookingStatus.CANCELLED
    assert stage.transfer(booking).status is TransferStatus.SETTLED
    assert balances(stage).get("payable", 0) == 0
    check_at_rest(stage)


def test_a_refusal_after_which_no_dispute_is_open_lets_the_refund_leave(
    stage: Stage, sven: Principal
) -> None:
    booking = completed(stage)
    dispute_id = stage.fake.dispute(stage.intent_id(booking), TWENTY)
    give(stage, booking, sven)
    assert status_of(stage, booking) is PaymentStatus.DISPUTED
    stage.fake.disputes.decide(dispute_id, WON)  # no webhook came of either
    stage.advance(hours=2)
    assert status_of(stage, booking) is PaymentStatus.PARTIALLY_REFUNDED
    assert stage.case(booking).payment.refunded == TWENTY
    assert holds_of(stage, booking) == set()
    check_at_rest(stage)


def test_goodwill_that_a_dispute_overtook_leaves_the_provider_what_is_theirs(
    stage: Stage, sven: Principal
) -> None:
    booking = completed(stage)
    stage.sweep()
    assert stage.transfer(booking).transferred == NET
    dispute_id = stage.fake.dispute(stage.intent_id(booking), TWENTY)
    give(stage, booking, sven)  # taken back from the provider before Stripe refuses
    webhook(stage, booking)
    decide(stage, booking, dispute_id, LOST)
    stage.sweep()
    (loss,) = stage.case(booking).payment.losses
    transfer = stage.transfer(booking)
    assert (transfer.holds, stage.case(booking).payment.set_aside) == ((), None)
    assert transfer.transferred == NET - loss.split.payable
    assert "receivable" not in balances(stage)
    check_at_rest(stage)


def test_a_payment_that_was_refunded_may_be_disputed_all_the_same(stage: Stage) -> None:
    booking = stage.accepted(in_hours=100)
    stage.cancel(booking, stage.pavel.user)
    assert status_of(stage, booking) is PaymentStatus.REFUNDED
    dispute_id = open_dispute(stage, booking, TWENTY)
    assert status_of(stage, booking) is PaymentStatus.REFUNDED
    decide(stage, booking, dispute_id, LOST)
    stage.sweep()
    assert balances(stage)["expense:chargebacks"] == FEE_MINOR + 2000
    check_at_rest(stage)


def _open_and_decide(stage: Stage, booking: BookingView, status: DisputeStatus) -> Callable[[Steps], None]:
    def play(steps: Steps) -> None:
        deps = stage.deps_with(
            MortalPayments(stage.fake, steps), disputes=MortalDisputes(stage.fake.disputes, steps)
        )
        converge_payment(booking.id, stripe(), deps)
        (dispute,) = stage.fake.disputes.found.values()
        if dispute.status is not status:
            stage.fake.disputes.decide(dispute.id, status)
        converge_payment(booking.id, stripe(), deps)

    return play


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("status", [WON, LOST])
@pytest.mark.parametrize("at", range(6))
def test_whoever_dies_at_any_step_the_books_are_right_in_the_end(
    stage: Stage, at: int, status: DisputeStatus, after: bool
) -> None:
    booking = completed(stage)
    stage.fake.dispute(stage.intent_id(booking))
    steps, play = Steps(at, after), _open_and_decide(stage, booking, status)
    with suppress(Died), steps.watching_transactions():
        play(steps)
    assert len(steps.names) > at, "there is no such step"
    check_always(stage)
    play(Steps())
    stage.sweep()
    assert the_dispute(booking).status is status
    assert len(causes(booking)) == 3
    check_at_rest(stage)


def test_disputes_of_no_booking_are_not_found(stage: Stage) -> None:
    with pytest.raises(NotFound):
        list_disputes(new_id("bkg"))
    booking = stage.accepted()
    assert list_disputes(booking.id).items == ()
