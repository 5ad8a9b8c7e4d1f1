"""What was paid with both goes back to the card first, and the residue into the wallet: never more than was paid."""

from contextlib import suppress

import pytest

from callsheet.bookings.converge_payment import converge_payment
from callsheet.bookings.goodwill import BorneBy
from callsheet.bookings.model import BookingView
from callsheet.bookings.refund_booking import refund_booking
from callsheet.bookings.refunds import RefundBooking
from callsheet.gateways.disputes import DisputeStatus
from callsheet.kernel.money import Money
from callsheet.kernel.principal import Role
from callsheet.ledger.accounts import STRIPE_CASH, wallet
from callsheet.ledger.list_entries import list_entries
from callsheet.payments.model import PaymentStatus
from tests.functional.wallet.test_checkout import asked, booked, carlas
from tests.support.crashes import Died, MortalPayments, MortalTransfers, Steps
from tests.support.earning import an_old_hand
from tests.support.stage import Stage, somebody, stripe
from tests.support.truths import check_at_rest, sum_of
from tests.support.wallets import check_wallets, credit, wallet_lines


def accepted(stage: Stage, minor: int = 30_00, *, in_hours: float = 100) -> BookingView:
    """100.00, of which so much was credit, and the rest was taken from the card."""
    return stage.accept(booked(stage, minor, in_hours=in_hours))


def give(stage: Stage, booking: BookingView, minor: int, borne_by: BorneBy = BorneBy.ALL) -> None:
    amount = Money.of(minor, "USD")
    command = RefundBooking(
        booking_id=booking.id, amount=amount, borne_by=borne_by, reason="The light failed"
    )
    refund_booking(command, somebody(Role.SUPPORT), stage.deps)


def on_card(stage: Stage) -> int:
    """What the card has got back."""
    return sum(intent.refunded_minor for intent in stage.intents.values())


def test_a_provider_who_cancels_gives_the_card_and_the_wallet_back_what_each_has_paid(stage: Stage) -> None:
    booking = accepted(stage)
    shown = stage.cancel(booking, stage.pavel.user)
    assert (shown.payment.status, shown.payment.refunded) == (PaymentStatus.REFUNDED, Money.of(100_00, "USD"))
    assert (on_card(stage), carlas(stage)) == (70_00, 30_00)
    for name in (
        f"provider:{stage.pavel.user.id}:payable",
        "platform:fees_deferred",
        "platform:fees_revenue",
    ):
        assert sum_of(name) == 0, name
    check_wallets()
    check_at_rest(stage)


def test_what_the_policy_gives_goes_to_the_card_first(stage: Stage) -> None:
    """Half of the subtotal, 47.62, is less than the card has paid: nothing of it is credit again."""
    booking = accepted(stage, in_hours=48)
    stage.cancel(booking)
    assert (on_card(stage), carlas(stage)) == (47_62, 0)
    check_wallets()
    check_at_rest(stage)


def test_the_residue_is_an_entry_of_its_own_beside_the_card_s(stage: Stage) -> None:
    booking = accepted(stage, 60_00, in_hours=48)
    stage.cancel(booking)
    assert (on_card(stage), carlas(stage)) == (40_00, 7_62)
    (refund,) = stage.case(booking).payment.refunds
    entries = {entry.cause: entry for entry in list_entries(booking.id).items}
    card, credit_ = entries[f"refund:{refund.id}"], entries[f"refund_wallet:{refund.id}"]
    theirs = wallet(stage.carla.user_id)
    assert theirs not in {posting.account for posting in card.postings}
    assert STRIPE_CASH not in {posting.account for posting in credit_.postings}
    assert card.reference == refund.stripe_refund_id
    assert credit_.reference is None
    (line,) = [line for line in wallet_lines(stage.carla.user_id) if line.cause == f"refund:{refund.id}"]
    assert (line.amount, line.subject) == (Money.of(7_62, "USD"), booking.id)
    check_wallets()
    check_at_rest(stage)


def test_what_the_card_has_got_back_before_is_credit_the_next_time_and_stripe_is_not_asked(
    stage: Stage,
) -> None:
    booking = accepted(stage)
    give(stage, booking, 70_00)
    assert (on_card(stage), carlas(stage)) == (70_00, 0)
    stage.fake.calls.clear()
    give(stage, booking, 10_00)
    assert stage.fake.calls == []
    assert (on_card(stage), carlas(stage)) == (70_00, 10_00)
    payment = stage.case(booking).payment
    assert (payment.status, payment.refunded) == (PaymentStatus.PARTIALLY_REFUNDED, Money.of(80_00, "USD"))
    assert payment.refunds[-1].stripe_refund_id is None
    give(stage, booking, 20_00, BorneBy.PLATFORM)
    assert stage.case(booking).payment.status is PaymentStatus.REFUNDED
    assert (on_card(stage), carlas(stage)) == (70_00, 30_00)
    check_wallets()
    check_at_rest(stage)


def test_nobody_gets_back_more_than_they_have_paid_in_all(stage: Stage) -> None:
    booking = accepted(stage)
    give(stage, booking, 95_00, BorneBy.PLATFORM)
    stage.cancel(booking, stage.pavel.user)
    payment = stage.case(booking).payment
    assert payment.refunded == payment.amount
    assert (on_card(stage), carlas(stage)) == (70_00, 30_00)
    check_wallets()
    check_at_rest(stage)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", range(4))
def test_a_crash_at_any_step_of_a_refund_to_both_heals(stage: Stage, at: int, after: bool) -> None:
    """Claimed, taken back from the provider, refunded, recorded: the wallet has its part once."""
    an_old_hand(stage)
    credit(stage, 30_00)
    booking = stage.accept(stage.book(asked(stage, in_hours=30)))
    stage.advance(hours=33)
    stage.complete(booking)
    stage.sweep()
    steps, whole = Steps(at, after), stage.deps
    stage.deps = stage.deps_with(
        MortalPayments(stage.fake, steps), MortalTransfers(stage.stripe_transfers, steps)
    )
    with steps.watching_transactions(), suppress(Died):
        give(stage, booking, 90_00)
    stage.deps = whole
    check_wallets()
    stage.advance(hours=26)
    is_undone = at == 0 and not after
    assert (on_card(stage), carlas(stage)) == ((0, 0) if is_undone else (70_00, 20_00))
    check_wallets()
    check_at_rest(stage)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", range(2))
def test_a_crash_at_any_step_of_a_refund_that_is_all_credit_heals(stage: Stage, at: int, after: bool) -> None:
    booking = accepted(stage)
    give(stage, booking, 70_00)
    steps = Steps(at, after)
    with steps.watching_transactions(), pytest.raises(Died):
        give(stage, booking, 30_00)
    assert steps.names == ["transaction"] * (at + 1)
    check_wallets()
    stage.advance(minutes=5)
    assert carlas(stage) == (0 if at == 0 and not after else 30_00)
    check_wallets()
    check_at_rest(stage)


def test_a_bank_takes_no_more_from_the_parties_than_is_left_of_what_the_card_paid(stage: Stage) -> None:
    """Refunded 70.00 to the card, and lost the same at the bank: what 30.00 of credit have paid is not touched."""
    booking = accepted(stage)
    give(stage, booking, 70_00)
    left = sum_of(f"provider:{stage.pavel.user.id}:payable")
    dispute = stage.fake.dispute(stage.intent_id(booking), Money.of(70_00, "USD"))
    converge_payment(booking.id, stripe(), stage.deps)
    stage.fake.disputes.decide(dispute, DisputeStatus.LOST)
    converge_payment(booking.id, stripe(), stage.deps)
    payment = stage.case(booking).payment
    assert [loss.split.total for loss in payment.losses] == [Money.of(0, "USD")]
    assert sum_of(f"provider:{stage.pavel.user.id}:payable") == left < 0
    assert sum_of(f"provider:{stage.pavel.user.id}:receivable") == 0
    check_wallets()
