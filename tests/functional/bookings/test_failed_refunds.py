"""A refund that the client's bank cannot credit is not lost to them: it is credit, once, whenever and however often it
is heard of."""

import pytest

from callsheet.bookings.list_refunds import list_refunds
from callsheet.bookings.model import BookingView
from callsheet.bookings.refund_booking import refund_booking
from callsheet.bookings.refunds import RefundBooking, RefundView
from callsheet.bookings.views import view_of
from callsheet.documents.receipts import build_receipt
from callsheet.gateways.declines import RefundFailure
from callsheet.kernel.errors import CallsheetError
from callsheet.kernel.money import Money
from callsheet.ledger.accounts import STRIPE_CASH, wallet
from callsheet.ledger.list_entries import list_entries
from callsheet.notifications.model import Heard as HeardOf
from callsheet.notifications.rules import told_of
from callsheet.payments.model import PaymentStatus
from callsheet.platform.records import EventItem
from callsheet.wallet.lines import LineKind
from tests.support.at_stripe import Heard, StripeStage
from tests.support.closes import close_every_day
from tests.support.crashes import Died
from tests.support.money_truths import check_money_at_rest
from tests.support.truths import everything
from tests.support.wallets import balance_minor, fund, wallet_lines

USD = "USD"


@pytest.fixture
def stage(tables: None) -> StripeStage:
    found = StripeStage()
    fund(found, 1_000_00)
    found.hear()
    return found


def give(stage: StripeStage, booking: BookingView, minor: int = 40_00) -> None:
    command = RefundBooking(booking_id=booking.id, amount=Money.of(minor, USD), reason="The light failed")
    refund_booking(command, stage.sue, stage.deps)


def fails(stage: StripeStage, reason: str = "expired_or_canceled_card") -> None:
    """The refund that was made last."""
    *_, refund_id = stage.world.kept("refund")
    done = stage.act(f"/_sim/refunds/{refund_id}", outcome="failed", failure_reason=reason)
    assert done is not None


def next_fails(stage: StripeStage) -> None:
    stage.act("/_sim/refunds/next", outcome="failed", failure_reason="lost_or_stolen_card")


def carlas(stage: StripeStage) -> int:
    return balance_minor(stage.carla.user_id)


def news(name: str) -> list[EventItem]:
    return [item for item in everything(EventItem, "evt_") if item.document.name == name]


def the_refund(stage: StripeStage, booking: BookingView) -> RefundView:
    (refund,) = list_refunds(booking.id, stage.clock).items
    return refund


def check_end(stage: StripeStage) -> None:
    """Weeks later nothing else has come of it, and every day agrees with Stripe's."""
    for _ in range(3):
        stage.advance(hours=24 * 40)
        stage.hear()
    check_money_at_rest(stage)
    close_every_day(stage)


@pytest.mark.parametrize("how", list(Heard))
def test_a_refund_that_fails_later_is_the_clients_credit_however_it_is_heard_of(
    stage: StripeStage, how: Heard
) -> None:
    booking = stage.accepted(in_hours=100)
    give(stage, booking)
    stage.hear()
    fails(stage)
    stage.hear(how)
    stage.advance(hours=24 * 2)  # the look of the first day, where nothing was heard
    payment, refund = stage.case(booking).payment, the_refund(stage, booking)
    assert carlas(stage) == 40_00
    assert (payment.status, payment.refunded) == (PaymentStatus.PARTIALLY_REFUNDED, Money.of(40_00, USD))
    assert (refund.failure, refund.failed_at is not None) == (RefundFailure.CARD_EXPIRED_OR_CANCELED, True)
    shown = stage.case(booking).view(stage.carla).payment
    assert (shown.refunded, shown.refund_failed) == (Money.of(40_00, USD), Money.of(40_00, USD))
    assert len(news("payment.refund_failed")) == 1
    check_end(stage)
    assert carlas(stage) == 40_00


def test_a_refund_that_fails_at_once_is_credit_at_once(stage: StripeStage) -> None:
    booking = stage.accepted(in_hours=100)
    next_fails(stage)
    give(stage, booking)
    assert carlas(stage) == 40_00
    assert stage.case(booking).payment.in_flight is None
    assert the_refund(stage, booking).failure is RefundFailure.CARD_LOST_OR_STOLEN
    check_end(stage)


def test_a_cancellation_whose_refund_fails_leaves_the_client_all_of_it_as_credit(stage: StripeStage) -> None:
    booking = stage.accepted(in_hours=100)
    stage.cancel(booking, stage.pavel.user)
    fails(stage)
    stage.hear()
    assert (carlas(stage), stage.case(booking).payment.status) == (100_00, PaymentStatus.REFUNDED)
    check_end(stage)


def test_nothing_is_refunded_again_and_never_more_than_was_paid(stage: StripeStage) -> None:
    """At Stripe the charge has all of it to give again; for us it is spent."""
    booking = stage.accepted(in_hours=100)
    give(stage, booking, 80_00)
    fails(stage)
    stage.hear()
    with pytest.raises(CallsheetError) as refusal:
        give(stage, booking, 20_01)
    assert refusal.value.extra["left_minor"] == 20_00
    give(stage, booking, 20_00)
    made = [one["status"] for one in stage.world.kept("refund").values()]
    assert (made, carlas(stage)) == (["failed", "succeeded"], 80_00)
    assert stage.case(booking).payment.status is PaymentStatus.REFUNDED
    check_end(stage)


def test_a_failure_is_found_though_somebody_has_refunded_by_hand_as_much(stage: StripeStage) -> None:
    booking = stage.accepted(in_hours=100)
    give(stage, booking)
    fails(stage)
    charge = stage.case(booking).payment.charge_id
    by_hand = stage.act("/_sim/dashboard/refunds", charge=charge, amount=40_00)
    assert by_hand is not None
    stage.hear()
    assert carlas(stage) == 40_00


def test_of_what_was_paid_with_both_the_card_s_part_alone_fails(stage: StripeStage) -> None:
    other = stage.accepted(in_hours=60)
    give(stage, other, 30_00)
    fails(stage)
    stage.hear()
    assert carlas(stage) == 30_00
    command = stage.command(in_hours=100).model_copy(update={"use_wallet": True})
    booking = stage.accept(stage.book(command))
    assert carlas(stage) == 0
    stage.cancel(booking, stage.pavel.user)
    fails(stage)
    stage.hear()
    came = {
        (line.kind, line.amount.amount_minor)
        for line in wallet_lines(stage.carla.user_id)
        if line.subject == booking.id and line.amount.amount_minor > 0
    }
    assert came == {(LineKind.REFUND_RESIDUE, 30_00), (LineKind.REFUND_FAILED, 70_00)}
    case = stage.case(booking)
    payment = view_of(case.booking, case.payment, stage.carla).payment
    assert payment is not None
    ((as_credit, failed_at),) = [(one.as_credit, one.failed_at) for one in payment.refunds]
    assert (as_credit, failed_at is None, payment.lost) == (Money.of(100_00, "USD"), False, None)
    assert carlas(stage) == 100_00
    check_end(stage)


def test_no_entry_holds_both_the_card_s_money_and_the_wallet(stage: StripeStage) -> None:
    booking = stage.accepted(in_hours=100)
    give(stage, booking)
    fails(stage)
    stage.hear()
    (made,) = stage.case(booking).payment.refunds
    entries = {entry.cause: entry for entry in list_entries(booking.id).items}
    came, owed = entries[f"refund_failed:{made.id}"], entries[f"refund_credited:{made.id}"]
    assert (came.reference, owed.reference) == (made.stripe_refund_id, None)
    assert {one.account for one in came.postings} == {STRIPE_CASH, "refunds_failed"}
    assert {one.account for one in owed.postings} == {"refunds_failed", wallet(stage.carla.user_id)}


def test_the_client_is_told_and_the_provider_is_not(stage: StripeStage) -> None:
    booking = stage.accepted(in_hours=100)
    give(stage, booking)
    fails(stage)
    stage.hear()
    (event,) = news("payment.refund_failed")
    heard = HeardOf.model_validate(event.document.model_dump(mode="json"))
    assert told_of(heard).user_ids == {stage.carla.id}


def test_a_receipt_says_that_the_refund_failed_and_is_credit(stage: StripeStage) -> None:
    booking = stage.accepted(in_hours=100)
    give(stage, booking)
    fails(stage)
    stage.hear()
    case, entries = stage.case(booking), list_entries(booking.id).items
    receipt = build_receipt(case.booking, case.payment, entries, {}, occurred_at=stage.clock.now())
    assert [(part.kind, part.amount.amount_minor) for part in receipt.moved] == [
        ("payment", 100_00),
        ("refund", -40_00),
        ("refund_failed", 40_00),
        ("credit_returned", -40_00),
    ]
    assert (receipt.refunded, receipt.paid) == (Money.of(40_00, USD), Money.of(60_00, USD))


DEATHS = [(step, after) for step in range(8) for after in (False, True)]


@pytest.mark.parametrize("death", DEATHS)
@pytest.mark.parametrize("is_at_once", [True, False])
def test_whoever_dies_in_between_it_is_credited_once(
    stage: StripeStage, death: tuple[int, bool], is_at_once: bool
) -> None:
    booking = stage.accepted(in_hours=100)
    if is_at_once:
        next_fails(stage)
    else:
        give(stage, booking)
        fails(stage)
    with stage.dying(death):
        try:
            if is_at_once:
                give(stage, booking)
            else:
                stage.hear()
        except (CallsheetError, Died):
            pass
    stage.hear(Heard.DROPPED)
    check_end(stage)
    assert carlas(stage) == (40_00 if stage.case(booking).payment.refunds else 0)
    assert len(wallet_lines(stage.carla.user_id)) == len(stage.case(booking).payment.refunds)
