"""A booking whose disputes are all closed, and one is lost, can still be called off: what the bank has taken counts as
given back, and what the policy gives beyond it is credit.
"""

from dataclasses import replace

import pytest

from callsheet.bookings.cancel_booking import cancel_booking
from callsheet.bookings.errors import PaymentDisputed
from callsheet.bookings.model import BookingView, CancelBooking
from callsheet.bookings.rules import BookingStatus, CancelReason
from callsheet.documents.receipts import build_receipt
from callsheet.kernel.ids import new_id
from callsheet.kernel.money import Money
from callsheet.kernel.principal import Principal, RequestKey
from callsheet.ledger.accounts import CHARGEBACKS, FEES_DEFERRED
from callsheet.ledger.list_entries import list_entries
from callsheet.notifications.model import Heard as HeardOf
from callsheet.notifications.rules import told_of
from callsheet.payments.model import PaymentStatus
from callsheet.platform.records import EventItem
from tests.support.at_stripe import StripeStage
from tests.support.crashes import Died
from tests.support.losses import (
    USD,
    carlas,
    check_end,
    dispute,
    give,
    refunded_at_stripe,
    told,
    verdict,
)
from tests.support.truths import check_always, sum_of
from tests.support.wallets import credit, fund

LEAD_HOURS = 25  # nobody books later than this before the start


@pytest.fixture
def stage(tables: None) -> StripeStage:
    found = StripeStage()
    fund(found, 1_000_00)
    found.hear()
    return found


def after_losing(
    stage: StripeStage, minor: int | None = 20_00, *, in_hours: float = 48, of_credit: int = 0
) -> BookingView:
    """100.00, accepted, of which the cardholder's bank has taken so much for good."""
    command = stage.command(in_hours=max(in_hours, LEAD_HOURS))
    if of_credit:
        credit(stage, of_credit)
        command = command.model_copy(update={"use_wallet": True})
    booking = stage.accept(stage.book(command))
    verdict(stage, dispute(stage, booking, minor))
    stage.hear()
    assert stage.case(booking).payment.status is PaymentStatus.DISPUTED
    stage.advance(hours=max(LEAD_HOURS - in_hours, 0))
    return booking


def who(stage: StripeStage, name: str) -> Principal:
    return {"carla": stage.carla, "pavel": stage.pavel.user, "adele": stage.adele}[name]


@pytest.mark.parametrize(
    ("by", "in_hours", "lost", "is_credit"),
    [
        ("carla", 100, 20_00, 75_24),  # all but the client's fee and its tax
        ("carla", 48, 20_00, 27_63),
        ("carla", 48, 47_63, 0),
        ("carla", 48, 60_00, 0),
        ("carla", 12, 20_00, 0),
        ("pavel", 12, 20_00, 80_00),
        ("pavel", 12, 100_00, 0),
        ("adele", 48, 20_00, 80_00),
    ],
)
def test_what_the_policy_gives_beyond_what_the_bank_took_is_credit(
    stage: StripeStage, by: str, in_hours: float, lost: int, is_credit: int
) -> None:
    booking = after_losing(stage, lost, in_hours=in_hours)
    shown = stage.cancel(booking, who(stage, by))
    assert shown.status is BookingStatus.CANCELLED
    assert shown.cancellation is not None
    assert shown.cancellation.refund == Money.of(is_credit, USD)
    assert (carlas(stage), refunded_at_stripe(stage)) == (is_credit, 0)
    payment = stage.case(booking).payment
    assert (payment.status, payment.in_flight) == (PaymentStatus.DISPUTED, None)
    assert sum_of(FEES_DEFERRED) == 0, "what stays with the platform is earned"
    check_always(stage)  # the slot is free
    if in_hours > LEAD_HOURS:
        again = stage.book(stage.command(in_hours=in_hours))
        assert again.starts_at == booking.starts_at
    check_end(stage)
    assert carlas(stage) == is_credit


@pytest.mark.parametrize(("percent", "is_credit"), [(0, 0), (10, 0), (50, 27_63), (100, 75_24)])
def test_an_admin_says_otherwise_and_the_bank_s_part_is_taken_off_all_the_same(
    stage: StripeStage, percent: int, is_credit: int
) -> None:
    booking = after_losing(stage)
    stage.cancel(booking, stage.adele, refund_percent=percent, reason="The light failed")
    assert carlas(stage) == is_credit
    check_end(stage)


def test_what_support_gave_before_counts_too(stage: StripeStage) -> None:
    booking = stage.accepted(in_hours=48)
    give(stage, booking, 10_00)
    verdict(stage, dispute(stage, booking, 20_00))
    stage.hear()
    stage.cancel(booking, stage.pavel.user)
    assert (carlas(stage), refunded_at_stripe(stage)) == (70_00, 10_00)
    check_end(stage)


def test_everybody_hears_of_it_and_the_receipt_says_what_stays_paid(stage: StripeStage) -> None:
    booking = after_losing(stage)
    stage.cancel(booking)
    (cancelled,), (refunded,) = told(booking, "booking.cancelled"), told(booking, "payment.refunded")
    owed = {"amount_minor": 27_63, "currency": USD}
    assert (cancelled["reason"], cancelled["refund"], refunded["amount"]) == (CancelReason.CLIENT, owed, owed)
    events = [item.document for item in EventItem.query(booking.id)]
    heard = {one.name: HeardOf.model_validate(one.model_dump(mode="json")) for one in events[-2:]}
    assert {name: told_of(one).user_ids for name, one in heard.items()} == {
        "booking.cancelled": {stage.pavel.user.id},
        "payment.refunded": {stage.carla.id},
    }
    case, entries = stage.case(booking), list_entries(booking.id).items
    receipt = build_receipt(case.booking, case.payment, entries, {}, occurred_at=stage.clock.now())
    sums = (receipt.charged, receipt.refunded, receipt.taken_back, receipt.paid)
    assert [one.amount_minor for one in sums] == [100_00, 27_63, 20_00, 52_37]
    assert receipt.cancellation is not None
    assert receipt.cancellation.fee == receipt.paid
    check_end(stage)


def test_while_a_bank_decides_about_another_part_nobody_cancels_and_nothing_changes(
    stage: StripeStage,
) -> None:
    booking = after_losing(stage)
    second = dispute(stage, booking, 30_00)
    stage.hear()
    before = stage.case(booking)
    with pytest.raises(PaymentDisputed):
        stage.cancel(booking, stage.pavel.user)
    after = stage.case(booking)
    assert (after.booking, after.payment, carlas(stage)) == (before.booking, before.payment, 0)
    verdict(stage, second, "won")
    stage.hear()
    stage.cancel(booking, stage.pavel.user)
    assert carlas(stage) == 80_00
    check_end(stage)


@pytest.mark.parametrize(("outcome", "is_lost"), [("won", 0), ("lost", 30_00)])
def test_what_a_bank_takes_that_nobody_had_heard_of_when_the_rest_was_credited_is_the_platforms(
    stage: StripeStage, outcome: str, is_lost: int
) -> None:
    """Neither the provider nor fees nor taxes give a second time."""
    booking = after_losing(stage)
    second = dispute(stage, booking, 30_00)
    stage.cancel(booking, stage.pavel.user)
    fees = 15_00 * (1 if outcome == "won" else 2)
    verdict(stage, second, outcome)
    stage.hear()
    assert carlas(stage) == 80_00
    assert sum_of(CHARGEBACKS) == is_lost + fees
    returned = stage.case(booking).payment.returned
    assert returned is not None
    assert returned.total == Money.of(100_00, USD)
    check_end(stage)


@pytest.mark.parametrize(("lost", "is_credit"), [(50_00, 50_00), (None, 30_00)])
def test_of_what_was_paid_with_both_all_that_the_bank_has_not_taken_is_credit(
    stage: StripeStage, lost: int | None, is_credit: int
) -> None:
    booking = after_losing(stage, lost, of_credit=30_00)
    stage.cancel(booking, stage.pavel.user)
    assert carlas(stage) == is_credit
    check_end(stage)


def test_what_a_bank_takes_though_it_was_credit_before_is_not_given_again(stage: StripeStage) -> None:
    """20.00 did not reach the card and are credit; the bank takes all 70.00 of the card: of 100.00 are 10.00 left."""
    credit(stage, 30_00)
    command = stage.command(in_hours=48).model_copy(update={"use_wallet": True})
    booking = stage.accept(stage.book(command))
    stage.act("/_sim/refunds/next", outcome="failed", failure_reason="lost_or_stolen_card")
    give(stage, booking, 20_00)
    verdict(stage, dispute(stage, booking))
    stage.hear()
    (loss,) = stage.case(booking).payment.losses
    assert (loss.split.total, loss.excess) == (Money.of(50_00, USD), Money.of(20_00, USD))
    stage.cancel(booking, stage.pavel.user)
    assert carlas(stage) == 20_00 + 10_00
    check_end(stage)


def test_what_was_added_on_top_follows_and_is_credit_by_the_same_share(stage: StripeStage) -> None:
    """The amendment's own charge was lost in part; its booking's was not, and goes back to the card."""
    booking = stage.accepted(in_hours=100)
    added = stage.consent(stage.propose(booking, minor=20_00, payment_method="pm_card_visa"))
    stage.hear()
    charge = stage.case(added.id).payment.charge_id
    opened = stage.act("/_sim/disputes", charge=charge, amount=5_00)
    assert opened is not None
    verdict(stage, str(opened["id"]))
    stage.hear()
    stage.cancel(booking, stage.pavel.user)
    stage.advance(hours=2)
    assert stage.case(added.id).booking.status is BookingStatus.CANCELLED
    assert (carlas(stage), refunded_at_stripe(stage)) == (
        added.total.amount_minor - 5_00,
        booking.total.amount_minor,
    )
    check_end(stage)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", range(2))
def test_whoever_dies_while_cancelling_it_is_credited_once(
    stage: StripeStage, at: int, *, after: bool
) -> None:
    """Claimed and cancelled, then credited: Stripe is not asked."""
    booking = after_losing(stage)
    keyed = replace(stage.carla, request_key=RequestKey(new_id("req"), "body"))
    with pytest.raises(Died), stage.dying((at, after)):
        cancel_booking(CancelBooking(booking_id=booking.id), keyed, stage.deps)
    assert stage.steps.names == ["transaction"] * (at + 1)
    is_undone = at == 0 and not after
    assert stage.case(booking).booking.status is (
        BookingStatus.ACCEPTED if is_undone else BookingStatus.CANCELLED
    )
    cancel_booking(CancelBooking(booking_id=booking.id), keyed, stage.deps)
    stage.advance(hours=1)
    assert carlas(stage) == 27_63
    assert len(told(booking, "booking.cancelled")) == len(told(booking, "payment.refunded")) == 1
    check_end(stage)
