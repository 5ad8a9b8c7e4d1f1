"""What of a dispute is written down next: the same whatever was heard of it before, and never a way back."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from callsheet.gateways.disputes import DisputeMove, DisputeReason, DisputeStatus, FoundDispute
from callsheet.kernel.money import Money, zero
from callsheet.payments.disputes import Dispute, DisputeStep, Submission, next_step
from callsheet.payments.states import DISPUTE

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
AMOUNT = Money.whole(40, "USD")
TAKEN = DisputeMove(amount=-AMOUNT, fee=Money.whole(15, "USD"))
BACK = DisputeMove(amount=AMOUNT, fee=zero("USD"))
OPEN = (DisputeStatus.NEEDS_RESPONSE, DisputeStatus.UNDER_REVIEW)


def found(status: DisputeStatus, *moves: DisputeMove) -> FoundDispute:
    return FoundDispute(
        id="dp_1", amount=AMOUNT, reason=DisputeReason.GENERAL, status=status, opened_at=NOW, moves=moves
    )


def stored(status: DisputeStatus, withdrawn: Money | None = AMOUNT) -> Dispute:
    return Dispute(
        id="dp_1",
        booking_id="bkg_1",
        amount=AMOUNT,
        reason=DisputeReason.GENERAL,
        status=status,
        opened_at=NOW,
        evidence_due_at=NOW + timedelta(days=9),
        withdrawn=withdrawn,
    )


def test_every_status_is_reached_and_every_waiting_one_ends_and_has_a_deadline() -> None:
    reached, frontier = set(DISPUTE.initial), list(DISPUTE.initial)
    while frontier:
        for row in DISPUTE.exits(frontier.pop()):
            if row.target not in reached:
                reached.add(row.target)
                frontier.append(row.target)
            assert (row.deadline is None) == (row.target in DISPUTE.terminal), row
    assert reached == set(DisputeStatus)
    for status in DisputeStatus:
        assert (DISPUTE.exits(status) == ()) == (status in DISPUTE.terminal)


def test_a_dispute_is_opened_whatever_it_has_become_before_anybody_heard_of_it() -> None:
    for status in (*OPEN, DisputeStatus.WON, DisputeStatus.LOST):
        assert next_step(None, found(status, TAKEN)) is DisputeStep.OPEN
        assert next_step(stored(DisputeStatus.INQUIRY, None), found(status, TAKEN)) is DisputeStep.OPEN


def test_an_inquiry_keeps_no_money_and_ends_by_itself() -> None:
    asked = stored(DisputeStatus.INQUIRY, None)
    assert next_step(None, found(DisputeStatus.INQUIRY)) is DisputeStep.INQUIRE
    assert next_step(None, found(DisputeStatus.INQUIRY_CLOSED)) is DisputeStep.INQUIRE
    assert next_step(asked, found(DisputeStatus.INQUIRY)) is DisputeStep.NOTHING
    assert next_step(asked, found(DisputeStatus.INQUIRY_CLOSED)) is DisputeStep.END_INQUIRY


@pytest.mark.parametrize("status", OPEN)
def test_nobody_wins_or_loses_before_stripe_has_booked_what_it_moves(status: DisputeStatus) -> None:
    assert next_step(stored(status), found(DisputeStatus.WON, TAKEN)) is DisputeStep.NOTHING
    assert next_step(stored(status), found(DisputeStatus.WON, TAKEN, BACK)) is DisputeStep.WIN
    assert next_step(stored(status, None), found(DisputeStatus.LOST)) is DisputeStep.NOTHING
    assert next_step(stored(status, None), found(DisputeStatus.LOST, TAKEN)) is DisputeStep.WITHDRAW
    assert next_step(stored(status), found(DisputeStatus.LOST, TAKEN)) is DisputeStep.LOSE


def test_what_is_closed_stays_closed() -> None:
    closed = (DisputeStatus.INQUIRY_CLOSED, DisputeStatus.WON, DisputeStatus.LOST)
    for status, seen in product(closed, DisputeStatus):
        assert next_step(stored(status), found(seen, TAKEN, BACK)) is DisputeStep.NOTHING


def test_time_runs_out_a_day_before_the_bank_s_deadline_unless_somebody_has_answered() -> None:
    waiting = stored(DisputeStatus.NEEDS_RESPONSE)
    assert not waiting.runs_out(NOW + timedelta(days=7, hours=23))
    assert waiting.runs_out(NOW + timedelta(days=8))
    answer = Submission(
        by="usr_1", reason="Seen", notes="It was done", words="It was done",
        claimed_at=NOW, pdf_key="evidence/dp_1/1.pdf", bundle_key="evidence/dp_1/1.zip",
    )  # fmt: skip
    claimed = waiting.model_copy(update={"evidence": answer})
    assert claimed.runs_out(NOW + timedelta(days=8))
    handed_in = answer.model_copy(update={"submitted_at": NOW})
    assert not waiting.model_copy(update={"evidence": handed_in}).runs_out(NOW + timedelta(days=8))
    assert not stored(DisputeStatus.UNDER_REVIEW).runs_out(NOW + timedelta(days=8))
