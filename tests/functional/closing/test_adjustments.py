"""Differences are mended by what is posted for them: at once, or by two persons; the last one lets payouts leave."""

from datetime import timedelta
from functools import partial

import pytest

from callsheet.closing.decide_adjustment import approve_adjustment, expire_proposal, reject_adjustment
from callsheet.closing.errors import (
    AdjustmentNotFound,
    AdjustmentPending,
    CloseNotFound,
    CloseRunning,
    DifferenceChanged,
    DifferenceClosed,
    DifferenceNotFound,
    SecondPersonNeeded,
)
from callsheet.closing.model import Adjustment, AdjustmentStatus, CloseStatus, DifferenceStatus
from callsheet.kernel.errors import IllegalTransition
from callsheet.kernel.ids import new_id
from callsheet.kernel.money import Money
from callsheet.kernel.principal import Principal
from callsheet.ledger.accounts import PROCESSING, STRIPE_CASH
from callsheet.ledger.for_closing import cash_minor
from callsheet.ledger.get_trial_balance import get_trial_balance
from callsheet.ledger.list_entries import list_entries
from tests.functional.closing.office import DAY, NOON, Office
from tests.support.meanwhile import Meanwhile

DAY_TEXT = DAY.isoformat()


@pytest.fixture
def large(office: Office) -> Office:
    """Stripe has booked 600.00 that the ledger does not know."""
    office.at_stripe("ch_1", 60_000)
    office.closed()
    return office


def approve(office: Office, adjustment: Adjustment, by: Principal) -> Adjustment:
    return approve_adjustment(DAY_TEXT, adjustment.id, by, office.deps)


def test_a_small_difference_is_posted_at_once_and_payouts_leave(office: Office) -> None:
    booking = office.captured("ch_1", 10_000)
    office.at_stripe("ch_1", 10_000, fee=320)
    office.closed()
    adjustment = office.adjust("ch_1")
    assert (adjustment.status, adjustment.amounts) == (AdjustmentStatus.POSTED, (Money.of(-320, "USD"),))
    entry = list_entries(booking).items[-1]
    assert (entry.cause, entry.reference) == (f"adjustment:{adjustment.id}", "ch_1")
    assert {line.account: line.amount.amount_minor for line in entry.postings} == {
        STRIPE_CASH: -320,
        PROCESSING: 320,
    }
    assert office.close().status is CloseStatus.MENDED
    assert office.shut_by() == frozenset()
    assert office.told() == ["close.differed", "close.finished"]
    (shown,) = office.report().items
    assert (shown.status, shown.adjustment) == (DifferenceStatus.MENDED, adjustment)
    assert adjustment.proposed_by == office.fiona.id


def test_payouts_wait_for_the_last_difference(office: Office) -> None:
    office.at_stripe("ch_1", 100)
    office.at_stripe("ch_2", 200)
    office.closed()
    office.adjust("ch_1")
    assert office.close().status is CloseStatus.DIFFERING
    assert office.shut_by() == {DAY_TEXT}
    office.adjust("ch_2", "platform:bank")
    assert office.close().status is CloseStatus.MENDED
    assert office.shut_by() == frozenset()
    assert get_trial_balance().is_balanced
    assert cash_minor() == {"USD": 300}


def test_an_adjustment_in_another_currency_moves_both(office: Office) -> None:
    office.captured("ch_1", 10_000, currency="EUR")
    office.at_stripe("ch_1", 10_000)
    office.closed()
    assert office.adjust("ch_1").amounts == (Money.of(-10_000, "EUR"), Money.of(10_000, "USD"))
    assert cash_minor() == {"EUR": 0, "USD": 10_000}


def test_a_mended_day_that_is_closed_again_stays_mended_and_so_does_the_day_of_the_adjustment(
    office: Office,
) -> None:
    office.at_stripe("ch_1", 100)
    office.closed()
    office.adjust("ch_1")
    assert office.closed().status is CloseStatus.MENDED
    assert [one.status for one in office.report().items] == [DifferenceStatus.MENDED]
    today = office.clock.at.date()
    office.clock.at += timedelta(days=1)
    close = office.closed(today)
    assert (close.status, close.tally.carried) == (CloseStatus.CLEAN, 1)


def test_more_than_500_waits_for_a_second_person_and_nothing_has_been_posted(large: Office) -> None:
    proposed = large.adjust("ch_1")
    assert (proposed.status, proposed.decided_by) == (AdjustmentStatus.PROPOSED, None)
    assert cash_minor() == {}
    assert large.shut_by() == {DAY_TEXT}
    posted = approve(large, proposed, large.frank)
    assert (posted.status, posted.proposed_by, posted.decided_by) == (
        AdjustmentStatus.POSTED,
        large.fiona.id,
        large.frank.id,
    )
    assert cash_minor() == {"USD": 60_000}
    assert large.shut_by() == frozenset()
    (shown,) = large.report().items
    assert shown.adjustment == posted


def test_nobody_approves_their_own_proposal_and_nothing_has_changed(large: Office) -> None:
    proposed = large.adjust("ch_1")
    before = large.report()
    with pytest.raises(SecondPersonNeeded):
        approve(large, proposed, large.fiona)
    assert large.report() == before
    assert cash_minor() == {}


def test_an_approval_twice_posts_once(large: Office) -> None:
    proposed = large.adjust("ch_1")
    approve(large, proposed, large.frank)
    with pytest.raises(IllegalTransition):
        approve(large, proposed, large.frank)
    assert cash_minor() == {"USD": 60_000}


def test_while_one_proposal_waits_there_is_no_other(large: Office) -> None:
    large.adjust("ch_1")
    with pytest.raises(AdjustmentPending):
        large.adjust("ch_1", by=large.frank)


@pytest.mark.parametrize("who", ["fiona", "frank"])
def test_a_rejected_proposal_makes_room_for_another(large: Office, who: str) -> None:
    proposed = large.adjust("ch_1")
    rejected = reject_adjustment(DAY_TEXT, proposed.id, getattr(large, who), large.deps)
    assert rejected.status is AdjustmentStatus.REJECTED
    assert cash_minor() == {}
    with pytest.raises(IllegalTransition):
        approve(large, proposed, large.frank)
    assert large.adjust("ch_1", "platform:suspense").status is AdjustmentStatus.PROPOSED


def test_a_proposal_expires_after_seven_days(large: Office) -> None:
    proposed = large.adjust("ch_1")
    large.clock.at += timedelta(days=7)
    assert "closing.proposal" in {item.kind for item in large.due()}
    assert expire_proposal(DAY, proposed.id, large.caller, large.deps)
    assert not expire_proposal(DAY, proposed.id, large.caller, large.deps)
    with pytest.raises(IllegalTransition):
        approve(large, proposed, large.frank)
    assert large.adjust("ch_1").status is AdjustmentStatus.PROPOSED


def test_what_is_open_by_another_amount_by_now_is_not_approved_and_nothing_has_changed(
    large: Office,
) -> None:
    proposed = large.adjust("ch_1")
    large.captured("ch_1", 10_000)
    before = cash_minor()
    with pytest.raises(DifferenceChanged):
        approve(large, proposed, large.frank)
    assert cash_minor() == before
    assert large.shut_by() == {DAY_TEXT}


def test_a_proposal_outlives_another_run_of_the_day(large: Office) -> None:
    proposed = large.adjust("ch_1")
    large.closed()
    (shown,) = large.report().items
    assert shown.adjustment == proposed
    assert approve(large, proposed, large.frank).status is AdjustmentStatus.POSTED


@pytest.mark.parametrize("number", range(6))
def test_a_proposal_that_is_rejected_while_the_day_is_run_again_is_not_waited_for(
    large: Office, number: int
) -> None:
    """The run wrote what it had read over what was decided, and nothing could be proposed any more."""
    proposed = large.adjust("ch_1")
    large.start()
    reject = partial(reject_adjustment, DAY_TEXT, proposed.id, large.frank, large.deps)
    somebody_else = Meanwhile(at=number, other=reject)
    with somebody_else.watching_transactions():
        large.run()
    if len(somebody_else.names) <= number:
        reject()
    assert large.close().status is CloseStatus.DIFFERING
    assert large.adjust("ch_1").status is AdjustmentStatus.PROPOSED


def test_what_has_come_to_agree_needs_no_adjustment_and_nothing_has_changed(office: Office) -> None:
    office.at_stripe("ch_1", 100)
    office.closed()
    office.captured("ch_1", 100)
    with pytest.raises(DifferenceClosed):
        office.adjust("ch_1")
    assert cash_minor() == {"USD": 100}


def test_what_cannot_be_adjusted_is_refused_and_nothing_has_changed(office: Office) -> None:
    with pytest.raises(CloseNotFound):
        office.adjust("ch_1")
    office.at_stripe("ch_1", 100)
    office.closed()
    with pytest.raises(DifferenceNotFound):
        office.adjust("ch_2")
    office.start()
    with pytest.raises(CloseRunning):
        office.adjust("ch_1")
    office.run()
    office.adjust("ch_1")
    with pytest.raises(DifferenceClosed):
        office.adjust("ch_1")
    for unknown in (new_id("adj"), "adj_1"):
        with pytest.raises(AdjustmentNotFound):
            approve_adjustment(DAY_TEXT, unknown, office.frank, office.deps)
    assert cash_minor() == {"USD": 100}


def test_a_second_difference_of_a_day_that_was_mended_shuts_the_gate_again(office: Office) -> None:
    office.at_stripe("ch_1", 100)
    office.closed()
    office.adjust("ch_1")
    office.captured("ch_9", 50, at=NOON)
    assert office.closed().status is CloseStatus.DIFFERING
    assert office.shut_by() == {DAY_TEXT}
