"""Money that is due reaches its provider once, whatever comes in between."""

from contextlib import suppress
from datetime import timedelta

import pytest

from callsheet.bookings.converge_payment import converge_payment
from callsheet.gateways.errors import PaymentsUnavailable
from callsheet.gateways.refusals import TransferRefusal
from callsheet.kernel.errors import Forbidden, NotFound
from callsheet.kernel.ids import new_id
from callsheet.kernel.money import Money
from callsheet.kernel.page import Cursors
from callsheet.kernel.principal import Principal, Role
from callsheet.ledger.list_entries import list_entries
from callsheet.ledger.payout_gate import reopen, shut
from callsheet.ledger.post import post
from callsheet.platform.stale import Stale
from callsheet.platform.transaction import Transaction
from callsheet.transfers.claiming import claim_transfer
from callsheet.transfers.commands import HoldTransfer, SetReserve, TransferQuery
from callsheet.transfers.get_transfer import get_transfer
from callsheet.transfers.list_transfers import list_transfers
from callsheet.transfers.model import Delay, TransferStatus
from callsheet.transfers.paying import Released
from callsheet.transfers.paying_deps import PayingDeps
from callsheet.transfers.place_hold import place_hold
from callsheet.transfers.postings import debt_entry
from callsheet.transfers.release_hold import release_hold
from callsheet.transfers.release_transfer import release_transfer
from callsheet.transfers.set_reserve import set_reserve
from callsheet.transfers.store import add_debt
from tests.support.crashes import Died, MortalTransfers, Steps
from tests.support.earning import JOB, NET, an_old_hand, completed
from tests.support.stage import Stage, somebody
from tests.support.truths import check_at_rest, sum_of


def payable(stage: Stage) -> int:
    return sum_of(f"provider:{stage.pavel.user.id}:payable")


def test_a_completed_booking_is_paid_once_and_the_ledger_says_so(stage: Stage) -> None:
    an_old_hand(stage)
    booking = completed(stage)
    stage.sweep()
    transfer = stage.transfer(booking)
    assert transfer.status is TransferStatus.TRANSFERRED
    assert transfer.transferred == NET
    assert payable(stage) == 0
    (entry,) = [one for one in list_entries(booking.id).items if one.cause.startswith("transfer:")]
    assert entry.reference == transfer.legs[0].stripe_transfer_id
    assert release_transfer(booking.id, JOB, stage.paying) is Released.MOOT
    assert stage.stripe_transfers.calls == ["transfer"]
    check_at_rest(stage)


def test_nothing_is_due_before_the_work_is_accepted(stage: Stage) -> None:
    booking = stage.accepted()
    assert stage.transfer(booking).status is TransferStatus.WAITING
    assert release_transfer(booking.id, JOB, stage.paying) is Released.MOOT
    assert stage.stripe_transfers.calls == []


def test_a_booking_without_captured_money_has_no_transfer(stage: Stage) -> None:
    booking = stage.book()
    with pytest.raises(NotFound):
        release_transfer(booking.id, JOB, stage.paying)


def test_a_newcomers_first_bookings_wait_seven_days(stage: Stage) -> None:
    booking = completed(stage)
    stage.sweep()
    assert stage.transfer(booking).delay is Delay.NEW_PROVIDER
    stage.advance(hours=7 * 24 - 1)
    assert stage.stripe_transfers.calls == []
    stage.advance(hours=1)
    assert stage.transfer(booking).transferred == NET


def test_what_a_late_cancellation_leaves_to_the_provider_is_paid_after_the_refund(stage: Stage) -> None:
    an_old_hand(stage)
    booking = stage.accepted(in_hours=48)
    stage.cancel(booking)
    stage.sweep()
    kept = stage.case(booking).booking.price.provider_net.amount_minor
    transfer = stage.transfer(booking)
    assert transfer.status is TransferStatus.TRANSFERRED
    assert 0 < transfer.transferred.amount_minor < kept
    assert payable(stage) == 0
    check_at_rest(stage)


def test_a_cancellation_that_gives_all_back_leaves_nothing_to_pay(stage: Stage) -> None:
    booking = stage.accepted()
    stage.cancel(booking, stage.pavel.user)
    stage.sweep()
    assert stage.transfer(booking).status is TransferStatus.SETTLED
    assert stage.stripe_transfers.calls == []
    check_at_rest(stage)


def test_nothing_leaves_under_a_hold_and_all_of_it_once_finance_lifts_it(stage: Stage) -> None:
    an_old_hand(stage)
    booking = stage.accepted(in_hours=30)
    frida = somebody(Role.FINANCE)
    place_hold(booking.id, HoldTransfer(reason="The bank has asked"), frida, stage.transfers)
    stage.advance(hours=33)
    stage.complete(booking)
    stage.advance(hours=60)
    assert stage.transfer(booking).delay is Delay.HELD
    assert stage.stripe_transfers.calls == []
    release_hold(booking.id, HoldTransfer(reason="It is content"), frida, stage.transfers)
    stage.sweep()
    transfer = stage.transfer(booking)
    assert transfer.transferred == NET
    (past,) = transfer.lifted_holds
    assert (past.placed_by, past.reason, past.lifted_by, past.lifted_for) == (
        frida.id, "The bank has asked", frida.id, "It is content",
    )  # fmt: skip


def test_a_dispute_keeps_money_that_is_due(stage: Stage) -> None:
    booking = completed(stage)
    stage.fake.dispute(stage.intent_id(booking))
    stage.sweep()
    converge_payment(booking.id, Principal("stripe"), stage.deps)
    stage.advance(hours=24 * 30)
    assert stage.transfer(booking).delay is Delay.HELD
    assert stage.stripe_transfers.calls == []


def test_nothing_leaves_while_a_close_differs_not_even_what_was_decided_just_before(stage: Stage) -> None:
    an_old_hand(stage)
    booking = completed(stage)
    txn = Transaction(JOB, stage.clock.now())
    shut(txn, "2026-03-01")
    txn.commit()
    stage.advance(hours=2)
    assert stage.transfer(booking).delay is Delay.CLOSE_FAILED
    assert stage.stripe_transfers.calls == []
    txn = Transaction(JOB, stage.clock.now())
    reopen(txn, "2026-03-01")
    txn.commit()
    stage.advance(hours=1)
    assert stage.transfer(booking).transferred == NET


def test_a_reserve_is_kept_for_its_days_and_follows_in_a_leg_of_its_own(stage: Stage) -> None:
    an_old_hand(stage)
    command = SetReserve(percent=10, days=30, reason="Many disputes")
    terms = set_reserve(stage.pavel.user.id, command, somebody(Role.FINANCE), stage.transfers)
    assert terms.reserve_percent == 10
    booking = completed(stage)
    stage.sweep()
    assert stage.transfer(booking).transferred == Money.of(8381 - 838, "USD")
    assert sum_of(f"reserve:{stage.pavel.user.id}") == -838
    stage.advance(hours=30 * 24)
    transfer = stage.transfer(booking)
    assert [leg.amount.amount_minor for leg in transfer.legs] == [8381 - 838, 838]
    assert transfer.reserved is None
    assert sum_of(f"reserve:{stage.pavel.user.id}") == payable(stage) == 0
    check_at_rest(stage)


def owe(stage: Stage, minor: int) -> None:
    """A debt from a dispute of old, in the ledger and beside it."""
    txn = Transaction(JOB, stage.clock.now())
    post(txn, debt_entry("bkg_old", stage.pavel.user.id, "old", Money.of(minor, "USD")), stage.clock.now())
    add_debt(txn, stage.pavel.user.id, Money.of(minor, "USD"))
    txn.commit()


def test_debts_are_netted_and_the_rest_is_paid(stage: Stage) -> None:
    an_old_hand(stage)
    owe(stage, 10000)
    first, second = completed(stage), completed(stage)
    stage.sweep()
    assert stage.transfer(first).status is TransferStatus.SETTLED
    assert stage.transfer(first).netted == NET
    assert stage.transfer(second).transferred == Money.of(8381 - 1619, "USD")
    assert sum_of(f"provider:{stage.pavel.user.id}:receivable") == 0


def test_two_transfers_that_net_the_same_debt_do_not_net_it_twice(stage: Stage) -> None:
    an_old_hand(stage)
    first, second = completed(stage), completed(stage)
    owe(stage, 1000)
    now = stage.clock.now()
    stage.clock.moment = now  # both are decided on the same debt
    claim_transfer(first.id, JOB, now)
    claim_transfer(second.id, JOB, now)
    stage.advance(hours=1)
    paid = stage.transfer(first).transferred + stage.transfer(second).transferred
    assert paid.amount_minor == 2 * 8381 - 1000
    assert sum_of(f"provider:{stage.pavel.user.id}:receivable") == 0


@pytest.mark.parametrize("reason", list(TransferRefusal))
def test_what_stripe_refuses_is_tried_again_and_in_the_end_somebody_is_woken(
    stage: Stage, reason: TransferRefusal
) -> None:
    an_old_hand(stage)
    booking = completed(stage)
    stage.stripe_transfers.refuses = reason
    outcomes = []
    for hours in (0, 1, 2, 4, 8):
        stage.clock.moment += timedelta(hours=hours)
        outcomes.append(release_transfer(booking.id, JOB, stage.paying))
    assert outcomes == [Released.WAITS] * 4 + [Released.STUCK]
    assert stage.transfer(booking).refusal is reason
    stage.stripe_transfers.refuses = None
    stage.advance(hours=24)
    assert stage.transfer(booking).transferred == NET
    assert stage.transfer(booking).refusals == 0
    check_at_rest(stage)


def test_an_answer_that_is_lost_is_looked_for_before_stripe_is_asked_again(stage: Stage) -> None:
    an_old_hand(stage)
    booking = completed(stage)
    stage.stripe_transfers.loses_answers = True
    with pytest.raises(PaymentsUnavailable):
        release_transfer(booking.id, JOB, stage.paying)
    assert stage.transfer(booking).status is TransferStatus.PAYING
    stage.stripe_transfers.loses_answers = False
    stage.advance(hours=26)
    assert stage.transfer(booking).transferred == NET
    assert stage.stripe_transfers.calls.count("transfer") == 1
    assert len(stage.stripe_transfers.made) == 1
    check_at_rest(stage)


def test_an_outage_of_days_ends_nothing(stage: Stage) -> None:
    an_old_hand(stage)
    booking = completed(stage)
    stage.stripe_transfers.is_away = True
    stage.sweep()
    for _ in range(3):
        stage.advance(hours=24)
    stage.stripe_transfers.is_away = False
    stage.advance(minutes=2)
    assert stage.transfer(booking).transferred == NET
    check_at_rest(stage)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", range(3))
def test_a_crash_at_any_step_of_paying_heals(stage: Stage, at: int, after: bool) -> None:
    an_old_hand(stage)
    booking = completed(stage)
    steps = Steps(at, after)
    paying = PayingDeps(clock=stage.clock, transfers=MortalTransfers(stage.stripe_transfers, steps))
    with steps.watching_transactions(), suppress(Died):
        release_transfer(booking.id, JOB, paying)
    assert len(steps.names) == at + 1
    stage.advance(hours=25)
    assert stage.transfer(booking).transferred == NET
    assert len(stage.stripe_transfers.made) == 1
    assert payable(stage) == 0
    check_at_rest(stage)


def test_a_claim_decided_on_what_has_changed_since_fails(stage: Stage) -> None:
    """Without the version on the transfer this pays what a refund has just given back."""
    an_old_hand(stage)
    booking = completed(stage)
    stale = stage.case(booking).stored_transfer
    assert stale is not None
    place_hold(booking.id, HoldTransfer(reason="First"), somebody(Role.FINANCE), stage.transfers)
    txn = Transaction(JOB, stage.clock.now())
    txn.replace(stale, Stale())
    with pytest.raises(Stale):
        txn.commit()


def test_the_provider_and_staff_see_it_and_nobody_else(stage: Stage) -> None:
    booking = completed(stage)
    stage.sweep()
    seen = get_transfer(booking.id, stage.pavel.user)
    assert (seen.status, seen.delay) == (TransferStatus.DUE, Delay.NEW_PROVIDER)
    assert get_transfer(booking.id, somebody(Role.FINANCE)) == seen
    for nosy in (stage.carla, somebody(Role.PROVIDER)):
        with pytest.raises(NotFound):
            get_transfer(booking.id, nosy)


def test_a_providers_transfers_come_newest_first_page_by_page(stage: Stage) -> None:
    made = []
    for _ in range(3):
        made.append(completed(stage).id)
        stage.advance(minutes=1)
    deps = stage.transfers
    assert isinstance(deps.cursors(), Cursors)
    first = list_transfers(TransferQuery(limit=2), stage.pavel.user, deps)
    rest = list_transfers(TransferQuery(limit=2, cursor=first.next_cursor), stage.pavel.user, deps)
    assert [one.booking_id for one in (*first.items, *rest.items)] == made[::-1]
    assert rest.next_cursor is None
    assert list_transfers(TransferQuery(), Principal(new_id("usr")), deps).items == ()


def test_looks_that_come_too_early_do_not_ask_stripe_again(stage: Stage) -> None:
    """The watch of a refused claim asked again two minutes later, and armed another each time."""
    an_old_hand(stage)
    booking = completed(stage)
    stage.stripe_transfers.refuses = TransferRefusal.BALANCE
    for _ in range(30):
        stage.advance(minutes=2)
    assert stage.stripe_transfers.calls.count("transfer") == 1
    stage.advance(minutes=2)
    assert stage.stripe_transfers.calls.count("transfer") == 2
    assert stage.transfer(booking).refusals == 2


def test_nobody_decides_on_their_own_money(stage: Stage) -> None:
    booking = completed(stage)
    both = Principal(stage.pavel.user.id, roles=frozenset({Role.PROVIDER, Role.FINANCE}))
    reason, before = HoldTransfer(reason="It is mine"), stage.transfer(booking)
    for decide in (place_hold, release_hold):
        with pytest.raises(Forbidden):
            decide(booking.id, reason, both, stage.transfers)
    with pytest.raises(Forbidden):
        set_reserve(both.id, SetReserve(percent=0, days=1, reason="Not me"), both, stage.transfers)
    assert stage.transfer(booking) == before


def test_a_reserve_needs_somebody_who_can_be_paid(stage: Stage) -> None:
    command = SetReserve(percent=10, days=30, reason="Many disputes")
    for nobody in (new_id("usr"), "usr_typo", stage.carla.id):
        with pytest.raises(NotFound):
            set_reserve(nobody, command, somebody(Role.FINANCE), stage.transfers)
