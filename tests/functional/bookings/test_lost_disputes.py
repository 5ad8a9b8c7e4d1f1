"""A dispute that is lost beside money that is to go back: the client gets what they are owed, at the bank or as credit,
and never more than they have paid.
"""

import pytest

from callsheet.bookings.check_disputes import Looked, check_disputes
from callsheet.bookings.errors import RefundUnderWay
from callsheet.bookings.goodwill import BorneBy
from callsheet.bookings.list_refunds import list_refunds
from callsheet.bookings.model import BookingView
from callsheet.documents.receipts import build_receipt
from callsheet.kernel.money import Money
from callsheet.ledger.accounts import STRIPE_CASH, wallet
from callsheet.ledger.list_entries import list_entries
from callsheet.notifications.model import Heard as HeardOf
from callsheet.notifications.rules import told_of
from callsheet.payments.model import Payment, PaymentStatus
from callsheet.platform.records import EventItem
from callsheet.wallet.lines import LineKind
from tests.support.at_stripe import Heard, StripeStage, at_stripe
from tests.support.losses import (
    USD,
    carlas,
    check_end,
    dies,
    dispute,
    give,
    refunded_at_stripe,
    told,
    verdict,
)
from tests.support.money_truths import check_money
from tests.support.truths import sum_of
from tests.support.wallets import credit, fund, wallet_lines


@pytest.fixture
def stage(tables: None) -> StripeStage:
    found = StripeStage()
    fund(found, 1_000_00)
    found.hear()
    return found


def overtaken(stage: StripeStage, *minor: int, in_hours: float = 100) -> tuple[BookingView, list[str]]:
    """Cancelled by the provider, but the cardholder's bank was faster: nothing of 100.00 has gone back."""
    booking = stage.accepted(in_hours=in_hours)
    stage.hear()
    disputes = [dispute(stage, booking, part) for part in minor]
    stage.cancel(booking, stage.pavel.user)
    assert stage.case(booking).payment.set_aside is not None
    return booking, disputes


@pytest.mark.parametrize("how", list(Heard))
def test_what_a_lost_dispute_has_not_taken_of_a_refund_is_credit_however_it_is_heard_of(
    stage: StripeStage, how: Heard
) -> None:
    booking, (dispute_id,) = overtaken(stage, 20_00)
    stage.hear(how)
    check_money(stage)
    verdict(stage, dispute_id)
    stage.hear(how)
    stage.advance(hours=26)  # the daily look, where nothing was heard
    payment = stage.case(booking).payment
    assert (payment.status, payment.set_aside, payment.in_flight) == (PaymentStatus.DISPUTED, None, None)
    assert (carlas(stage), refunded_at_stripe(stage)) == (80_00, 0)
    assert (payment.refunded, payment.lost) == (Money.of(80_00, USD), Money.of(20_00, USD))
    theirs = f"provider:{stage.pavel.user.id}"
    assert sum_of(f"{theirs}:payable") + sum_of(f"{theirs}:receivable") == 0
    check_end(stage)
    assert carlas(stage) == 80_00


def test_credit_for_a_lost_dispute_is_one_entry_one_line_and_one_word_to_the_client(
    stage: StripeStage,
) -> None:
    booking, (dispute_id,) = overtaken(stage, 20_00)
    asked = stage.case(booking).payment.set_aside
    verdict(stage, dispute_id)
    stage.hear(Heard.TWICE)
    (made,) = stage.case(booking).payment.refunds
    assert asked is not None
    assert (made.id, made.stripe_refund_id) == (asked.refund_id, None)
    entries = {entry.cause: entry for entry in list_entries(booking.id).items}
    posted = entries[f"refund_wallet:{made.id}"]
    assert f"refund:{made.id}" not in entries
    assert STRIPE_CASH not in {line.account for line in posted.postings}
    owed = {line.account: line.amount for line in posted.postings}[wallet(stage.carla.user_id)]
    assert owed == Money.of(-80_00, USD)
    (line,) = wallet_lines(stage.carla.user_id)
    assert (line.kind, line.cause, line.subject) == (
        LineKind.REFUND_RESIDUE,
        f"refund:{made.id}",
        booking.id,
    )
    (event,) = [item for item in EventItem.query(booking.id) if item.document.name == "payment.refunded"]
    heard = HeardOf.model_validate(event.document.model_dump(mode="json"))
    assert told_of(heard).user_ids == {stage.carla.id}
    assert event.document.payload["amount"] == {"amount_minor": 80_00, "currency": USD}


def test_the_receipt_says_what_the_bank_took_and_what_is_credit(stage: StripeStage) -> None:
    booking, (dispute_id,) = overtaken(stage, 20_00)
    verdict(stage, dispute_id)
    stage.hear()
    case, entries = stage.case(booking), list_entries(booking.id).items
    receipt = build_receipt(case.booking, case.payment, entries, {}, occurred_at=stage.clock.now())
    assert {(part.kind, part.amount.amount_minor) for part in receipt.moved} == {
        ("payment", 100_00),
        ("taken_back", -20_00),
        ("credit_returned", -80_00),
    }
    sums = (receipt.charged, receipt.refunded, receipt.taken_back, receipt.paid)
    assert [one.amount_minor for one in sums] == [100_00, 80_00, 20_00, 0]
    assert receipt.cancellation is not None
    assert receipt.cancellation.fee == Money.of(0, USD)
    assert [one.outcome for one in receipt.disputes] == ["lost"]


@pytest.mark.parametrize(
    ("lost", "is_credit"), [(20_00, 27_63), (47_62, 1), (47_63, 0), (60_00, 0), (100_00, 0)]
)
def test_of_what_the_policy_gives_the_bank_s_part_is_taken_off(
    stage: StripeStage, lost: int, is_credit: int
) -> None:
    """The client cancels two days before: 47.63 of 100.00 go back."""
    booking = stage.accepted(in_hours=48)
    dispute_id = dispute(stage, booking, lost)
    stage.cancel(booking)
    verdict(stage, dispute_id)
    stage.hear()
    assert carlas(stage) == is_credit
    assert len(told(booking, "payment.refunded")) == (1 if is_credit else 0)
    check_end(stage)
    assert carlas(stage) == is_credit


@pytest.mark.parametrize("borne_by", list(BorneBy))
@pytest.mark.parametrize(("lost", "is_credit"), [(15_00, 25_00), (40_00, 0), (70_00, 0)])
@pytest.mark.parametrize("is_paid", [True, False])
def test_of_a_refund_by_support_the_bank_s_part_is_taken_off_and_the_provider_has_theirs(
    stage: StripeStage, borne_by: BorneBy, lost: int, is_credit: int, *, is_paid: bool
) -> None:
    """Whether the provider was paid before (their part is taken back before Stripe refuses) or waits for it."""
    booking = stage.accepted(in_hours=30)
    stage.advance(hours=33)
    stage.complete(booking)
    stage.advance(hours=24 * (9 if is_paid else 1))
    stage.hear()
    dispute_id = dispute(stage, booking, lost)
    give(stage, booking, 40_00, borne_by)
    verdict(stage, dispute_id)
    stage.hear()
    assert carlas(stage) == is_credit
    check_end(stage)
    assert carlas(stage) == is_credit


def test_support_sees_what_has_gone_back_of_a_refund_that_the_bank_was_faster_than(
    stage: StripeStage,
) -> None:
    booking = stage.accepted(in_hours=100)
    dispute_id = dispute(stage, booking, 15_00)
    give(stage, booking, 40_00)
    (waits,) = list_refunds(booking.id, stage.clock).items
    assert (waits.amount, waits.given, waits.as_credit) == (Money.of(40_00, USD), None, None)
    verdict(stage, dispute_id)
    stage.hear()
    (gone,) = list_refunds(booking.id, stage.clock).items
    rest = Money.of(25_00, USD)
    assert (gone.amount, gone.given, gone.as_credit) == (Money.of(40_00, USD), rest, rest)


ENDS = ("won", "lost")


@pytest.mark.parametrize("first", ENDS)
@pytest.mark.parametrize("second", ENDS)
@pytest.mark.parametrize("is_heard", [True, False])
def test_of_two_disputes_of_one_charge_what_the_lost_ones_have_not_taken_is_credit(
    stage: StripeStage, first: str, second: str, *, is_heard: bool
) -> None:
    """With both won it goes to the card. Nothing leaves while one is open."""
    booking, disputes = overtaken(stage, 20_00, 30_00)
    if is_heard:
        stage.hear()
    for dispute_id, outcome in zip(disputes, (first, second), strict=True):
        assert (carlas(stage), refunded_at_stripe(stage)) == (0, 0)
        verdict(stage, dispute_id, outcome)
        if is_heard:
            stage.hear()
    stage.hear()
    lost = (20_00 if first == "lost" else 0) + (30_00 if second == "lost" else 0)
    if lost:
        assert carlas(stage) == 100_00 - lost
        assert stage.case(booking).payment.lost.amount_minor == lost
    check_end(stage)  # Stripe repeats its refusal for a day
    assert (carlas(stage), refunded_at_stripe(stage)) == ((100_00 - lost, 0) if lost else (0, 100_00))


def test_a_refund_waits_for_a_dispute_of_which_nobody_has_heard_before_another_was_won(
    stage: StripeStage,
) -> None:
    """Else it would be asked for between the two, and given in full beside what the second has taken."""
    _, (first, second) = overtaken(stage, 20_00, 30_00)
    verdict(stage, first, "won")
    verdict(stage, second, "lost")
    stage.hear()
    assert carlas(stage) == 70_00
    check_end(stage)


DEATHS = [(step, after) for step in range(12) for after in (False, True)]


def set_aside_beside_a_loss(stage: StripeStage, booking: BookingView) -> Payment:
    """Whoever has written down the loss died before the rest was given."""
    for step in range(20):
        dies(stage, booking, (step, True))
        payment = stage.case(booking).payment
        if payment.losses:
            assert payment.set_aside is not None
            return payment
    raise AssertionError("nothing was lost")


@pytest.mark.parametrize("death", DEATHS)
def test_whoever_dies_in_between_the_rest_is_credited_once(
    stage: StripeStage, death: tuple[int, bool]
) -> None:
    """Opened, withdrawn, lost, let go, credited: no webhook comes again, the daily look finds it."""
    booking = stage.accepted(in_hours=100)
    stage.hear()
    dispute_id = dispute(stage, booking, 20_00)
    stage.cancel(booking, stage.pavel.user)
    verdict(stage, dispute_id)
    dies(stage, booking, death)
    stage.hear(Heard.DROPPED)
    check_money(stage)
    check_end(stage)
    assert carlas(stage) == 80_00
    assert len(told(booking, "payment.refunded")) == len(told(booking, "dispute.lost")) == 1


def test_a_look_goes_on_as_long_as_something_is_set_aside(stage: StripeStage) -> None:
    booking, (dispute_id,) = overtaken(stage, 20_00)
    stage.hear()
    verdict(stage, dispute_id)
    set_aside_beside_a_loss(stage, booking)
    assert carlas(stage) == 0
    assert check_disputes(booking.id, at_stripe(), stage.deps) is Looked.CLOSED
    assert carlas(stage) == 80_00
    check_end(stage)


def test_while_something_is_set_aside_nobody_cancels(stage: StripeStage) -> None:
    """Goodwill of 40.00 was overtaken, 20.00 are lost, and the process died: the same money is not promised twice."""
    booking = stage.accepted(in_hours=100)
    stage.hear()
    dispute_id = dispute(stage, booking, 20_00)
    give(stage, booking)
    stage.hear()
    verdict(stage, dispute_id)
    payment = set_aside_beside_a_loss(stage, booking)
    with pytest.raises(RefundUnderWay):
        stage.cancel(booking, stage.pavel.user)
    assert stage.case(booking).payment == payment
    stage.advance(hours=26)
    stage.cancel(booking, stage.pavel.user)
    assert carlas(stage) == 80_00
    check_end(stage)


def test_of_what_was_paid_with_both_the_wallet_s_part_is_credit_beside_what_the_bank_took(
    stage: StripeStage,
) -> None:
    """70.00 by card, of which the bank has taken 50.00, and 30.00 with credit."""
    credit(stage, 30_00)
    command = stage.command(in_hours=100).model_copy(update={"use_wallet": True})
    booking = stage.accept(stage.book(command))
    stage.hear()
    dispute_id = dispute(stage, booking, 50_00)
    stage.cancel(booking, stage.pavel.user)
    verdict(stage, dispute_id)
    stage.hear()
    assert carlas(stage) == 50_00
    check_end(stage)


def test_all_of_the_card_s_part_lost_leaves_the_wallet_s_part_as_credit(stage: StripeStage) -> None:
    credit(stage, 30_00)
    command = stage.command(in_hours=100).model_copy(update={"use_wallet": True})
    booking = stage.accept(stage.book(command))
    stage.hear()
    dispute_id = dispute(stage, booking)
    stage.cancel(booking, stage.pavel.user)
    verdict(stage, dispute_id)
    stage.hear()
    assert carlas(stage) == 30_00
    assert stage.case(booking).payment.lost == Money.of(70_00, USD)
    check_end(stage)


@pytest.mark.parametrize("lost", [25_00, None])
def test_a_lost_dispute_takes_of_each_part_its_share_of_what_the_card_has_paid(
    stage: StripeStage, lost: int | None
) -> None:
    """Nothing was to go back: what 30.00 of credit have paid stays with whom it was paid to."""
    credit(stage, 30_00)
    command = stage.command(in_hours=30).model_copy(update={"use_wallet": True})
    booking = stage.accept(stage.book(command))
    stage.advance(hours=33)
    stage.complete(booking)
    stage.hear()
    net = stage.case(booking).booking.price.provider_net.amount_minor
    verdict(stage, dispute(stage, booking, lost))
    stage.hear()
    (loss,) = stage.case(booking).payment.losses
    assert loss.split.total.amount_minor == (lost or 70_00)
    assert abs(loss.split.payable.amount_minor - net * (lost or 70_00) // 100_00) <= 1
    assert stage.case(booking).payment.left_on_card.amount_minor == 70_00 - (lost or 70_00)
    assert carlas(stage) == 0
    case, entries = stage.case(booking), list_entries(booking.id).items
    receipt = build_receipt(case.booking, case.payment, entries, {}, occurred_at=stage.clock.now())
    sums = (receipt.charged, receipt.credit_used, receipt.taken_back, receipt.refunded)
    assert [one.amount_minor for one in sums] == [70_00, 30_00, lost or 70_00, 0]
    check_end(stage)
    assert carlas(stage) == 0


def test_what_the_bank_takes_a_second_time_is_taken_off_what_is_promised(stage: StripeStage) -> None:
    """20.00 of 70.00 failed to reach the card and are credit; then the bank takes all 70.00, and 30.00 were paid with
    credit: 10.00 are owed, and no more.
    """
    credit(stage, 30_00)
    command = stage.command(in_hours=100).model_copy(update={"use_wallet": True})
    booking = stage.accept(stage.book(command))
    stage.act("/_sim/refunds/next", outcome="failed", failure_reason="lost_or_stolen_card")
    give(stage, booking, 20_00)
    stage.hear()
    assert carlas(stage) == 20_00
    dispute_id = dispute(stage, booking)
    stage.cancel(booking, stage.pavel.user)
    verdict(stage, dispute_id)
    stage.hear()
    assert carlas(stage) == 30_00
    payment = stage.case(booking).payment
    assert payment.lost == Money.of(70_00, USD)
    check_end(stage)
    assert carlas(stage) == 30_00
