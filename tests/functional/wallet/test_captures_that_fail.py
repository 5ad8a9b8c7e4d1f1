"""The provider accepts, and the card's part can no longer be captured: the client has their credit again, once."""

from contextlib import suppress

import pytest

from callsheet.bookings.converge_payment import converge_payment
from callsheet.bookings.errors import AuthorizationExpired
from callsheet.bookings.rules import BookingStatus, CancelReason
from callsheet.gateways.errors import PaymentsUnavailable
from callsheet.ledger.list_entries import list_entries
from callsheet.payments.model import PaymentStatus
from callsheet.platform.records import EventItem
from callsheet.wallet.lines import LineKind
from tests.functional.wallet.test_checkout import booked, carlas
from tests.support.crashes import Died, MortalPayments, Steps
from tests.support.stage import Stage, stripe
from tests.support.truths import check_always, check_at_rest
from tests.support.wallets import check_wallets, held_minor, wallet_lines


def test_credit_comes_back_with_the_slot_where_stripe_no_longer_holds_the_rest(stage: Stage) -> None:
    booking = booked(stage)
    stage.fake.lapse(stage.intent_id(booking))
    with pytest.raises(AuthorizationExpired):
        stage.accept(booking)
    case = stage.case(booking)
    assert (case.booking.status, case.payment.status) == (BookingStatus.CANCELLED, PaymentStatus.VOIDED)
    assert case.booking.cancellation is not None
    assert case.booking.cancellation.reason is CancelReason.EXPIRED
    assert (carlas(stage), held_minor()) == (30_00, 0)
    assert [entry.cause for entry in list_entries(booking.id).items] == ["wallet_held", "wallet_returned"]
    returned = [line for line in wallet_lines(stage.carla.user_id) if line.kind is LineKind.RETURNED]
    assert [line.subject for line in returned] == [booking.id]
    for _ in range(2):  # whatever comes late
        converge_payment(booking.id, stripe(), stage.deps)
    check_wallets()
    check_at_rest(stage)
    again = stage.book(stage.command().model_copy(update={"use_wallet": True}))
    assert again.payment.wallet == booking.payment.wallet, "slot and credit are there for another booking"


def test_while_nobody_knows_whether_it_was_captured_the_credit_is_kept(stage: Stage) -> None:
    booking = booked(stage)
    stage.fake.is_away = True
    with pytest.raises(PaymentsUnavailable):
        stage.accept(booking)
    assert (carlas(stage), held_minor()) == (0, 30_00)
    check_always(stage)
    stage.fake.is_away = False
    stage.fake.lapse(stage.intent_id(booking))
    stage.advance(minutes=5)
    assert (carlas(stage), held_minor()) == (30_00, 0)
    check_wallets()
    check_at_rest(stage)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", range(3))
def test_whoever_dies_at_any_step_of_it_the_credit_comes_back_once(
    stage: Stage, at: int, *, after: bool
) -> None:
    """Claimed, asked for, recorded."""
    booking, steps, whole = booked(stage), Steps(at, after), stage.deps
    stage.fake.lapse(stage.intent_id(booking))
    stage.deps = stage.deps_with(MortalPayments(stage.fake, steps))
    with steps.watching_transactions(), suppress(Died, AuthorizationExpired):
        stage.accept(booking)
    assert len(steps.names) > at, steps.names
    stage.deps = whole
    check_wallets()
    stage.advance(hours=25)
    assert (carlas(stage), held_minor()) == (30_00, 0)
    told = [item.document.name for item in EventItem.query(stage.carla.user_id)]
    assert told.count("wallet.returned") == 1
    check_wallets()
    check_at_rest(stage)
