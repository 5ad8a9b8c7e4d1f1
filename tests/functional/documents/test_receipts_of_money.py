"""A receipt follows all that happens to a booking's money, once for each change, and agrees with the ledger."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import pairwise
from random import Random

import pytest

from callsheet.amendments.model import AmendmentView
from callsheet.bookings.converge_payment import converge_payment
from callsheet.bookings.goodwill import BorneBy
from callsheet.bookings.model import BookingView
from callsheet.bookings.refund_booking import refund_booking
from callsheet.bookings.refunds import RefundBooking
from callsheet.documents.deps import DocumentsDeps
from callsheet.documents.issue_receipt import Issuing, issue_receipt
from callsheet.documents.model import DocumentFormat, Heard, Issued
from callsheet.documents.receipt import Receipt
from callsheet.documents.store import DocumentItem
from callsheet.gateways.disputes import DisputeStatus
from callsheet.kernel.errors import CallsheetError
from callsheet.kernel.ids import new_id
from callsheet.kernel.page import Cursors
from callsheet.kernel.principal import Role, system
from callsheet.ledger.accounts import DISPUTED, STRIPE_CASH, WALLET_HELD, wallet
from callsheet.ledger.list_entries import list_entries
from callsheet.platform.records import EventItem
from callsheet.platform.stale import Stale
from callsheet.platform.transaction import AlreadyConsumed
from functions.documents.routes import ROUTES
from tests.functional.documents.issuing import stored_file, words
from tests.functional.wallet.test_checkout import booked
from tests.support.earning import an_old_hand, completed
from tests.support.stage import Stage, somebody, stripe
from tests.support.turns import Worker, steps_of_dynamodb

HEARD_OF = next(row.events for row in ROUTES if row.name == "issue_receipt")  # type: ignore[union-attr]  # a Worker
# What of a booking's entries is no money of the client's.
_OTHERS = {"processing", "transfer", "transfer_reversal", "dispute_fee", "wallet_held", "wallet_returned"}


@pytest.fixture
def stage(tables: None) -> Stage:
    found = Stage()
    an_old_hand(found)
    return found


def _ids(stage: Stage, booking: BookingView) -> list[str]:
    return [booking.id, *(one.id for one in stage.case(booking).booking.amendments)]


def _heard(stage: Stage, booking: BookingView) -> list[Heard]:
    """The messages that the consumer gets, in the order in which things have happened."""
    events = [item.document for one in _ids(stage, booking) for item in EventItem.query(one)]
    told = [event for event in sorted(events, key=lambda one: one.event_id) if event.name in HEARD_OF]
    return [Heard.model_validate(event.model_dump()) for event in told]


def _deliver(stage: Stage, heard: Heard) -> Issuing | None:
    deps = DocumentsDeps(clock=stage.clock, cursors=lambda: Cursors("secret"))
    with suppress(AlreadyConsumed):
        return issue_receipt(heard, system("documents.issue_receipt"), deps)
    return None


def _tell(stage: Stage, booking: BookingView) -> None:
    """All that has happened is heard; what was heard before is heard again."""
    for heard in _heard(stage, booking):
        _deliver(stage, heard)


def _versions(booking: BookingView) -> list[Issued]:
    return [item.document for item in DocumentItem.query(f"rct_{booking.id[4:]}")]


def _read(issued: Issued) -> Receipt:
    told = json.loads(stored_file(issued, DocumentFormat.JSON))
    told.pop("content_sha256")
    return Receipt.model_validate(told)


def _newest(booking: BookingView) -> Receipt:
    return _read(_versions(booking)[-1])


def _refund(stage: Stage, booking: BookingView | AmendmentView, minor: int) -> None:
    amount = booking.total.model_copy(update={"amount_minor": minor})
    command = RefundBooking(
        booking_id=booking.id, amount=amount, borne_by=BorneBy.ALL, reason="The light failed"
    )
    refund_booking(command, somebody(Role.SUPPORT), stage.deps)


def _dispute(stage: Stage, booking_id: str, ends: DisputeStatus | None) -> None:
    dispute_id = stage.fake.dispute(stage.intent_id(booking_id))
    converge_payment(booking_id, stripe(), stage.deps)
    if ends is not None:
        stage.fake.disputes.decide(dispute_id, ends)
        converge_payment(booking_id, stripe(), stage.deps)


def _check_with_the_ledger(stage: Stage, booking: BookingView, receipt: Receipt) -> None:
    """By accounts, not by causes: what the client has given, and not got again, is what has left or stays with us."""
    theirs = {STRIPE_CASH, DISPUTED, WALLET_HELD, wallet(stage.carla.user_id)}
    entries = [entry for one in _ids(stage, booking) for entry in list_entries(one).items]
    held = sum(
        posting.amount.amount_minor
        for entry in entries
        for posting in entry.postings
        if entry.cause.partition(":")[0] not in _OTHERS and posting.account in theirs
    )
    won = sum(  # what Stripe gives back of its fee for a dispute is none of the client's
        posting.amount.amount_minor
        for entry in entries
        for posting in entry.postings
        if entry.cause.startswith("dispute_won") and posting.account not in theirs
    )
    assert receipt.paid.amount_minor == held + won
    assert receipt.paid == receipt.charged + receipt.credit_used - receipt.refunded - receipt.taken_back
    intents = [stage.intents[stage.intent_id(one)] for one in _paid(stage, booking)]
    credit_again = sum(-one.amount.amount_minor for one in receipt.moved if one.kind == "credit_returned")
    assert receipt.charged.amount_minor == sum(intent.amount.amount_minor for intent in intents)
    assert receipt.refunded.amount_minor == credit_again + sum(intent.refunded_minor for intent in intents)
    for part in receipt.amendments:
        moved = [one.amount.amount_minor for one in receipt.moved if one.amendment_id == part.id]
        assert part.paid.amount_minor == sum(moved)


def _paid(stage: Stage, booking: BookingView) -> list[str]:
    return [one for one in _ids(stage, booking) if stage.case(one).payment.captured_at is not None]


def _acts(stage: Stage, booking: BookingView, chance: Random) -> Iterator[Callable[[], object]]:
    """What may become of a booking's money: one thing after the other, whatever is refused."""
    proposed: list[AmendmentView] = []

    def amend() -> None:
        by_client = chance.random() < 0.5
        view = stage.propose(
            booking, stage.carla if by_client else stage.pavel.user, minor=chance.randint(5_00, 30_00)
        )
        proposed.append(stage.consent(view, stage.pavel.user if by_client else stage.carla))

    def any_part() -> BookingView | AmendmentView:
        parts: list[BookingView | AmendmentView] = [booking, *proposed]
        return chance.choice(parts)

    yield amend
    for _ in range(chance.randint(1, 4)):
        yield chance.choice(
            (
                amend,
                lambda: _refund(stage, any_part(), chance.randint(1, 15_00)),
                lambda: _dispute(
                    stage, any_part().id, chance.choice([DisputeStatus.WON, DisputeStatus.LOST, None])
                ),
                lambda: stage.advance(hours=5),
            )
        )
    if chance.random() < 0.6:
        yield lambda: stage.cancel(booking, chance.choice([stage.carla, stage.pavel.user]))
    yield lambda: stage.advance(hours=2)


@pytest.mark.parametrize("seed", range(12))
def test_whatever_happens_in_whatever_order_it_is_heard_the_receipt_agrees_with_the_ledger(
    stage: Stage, seed: int
) -> None:
    chance = Random(seed)
    booking = stage.accept(booked(stage, chance.choice([30_00, 70_00]), in_hours=chance.choice([30, 90])))
    for act in _acts(stage, booking, chance):
        with suppress(CallsheetError):
            act()
        if chance.random() < 0.5:
            heard = _heard(stage, booking)
            for one in chance.sample(heard, chance.randint(0, len(heard))):
                _deliver(stage, one)
    late = _heard(stage, booking)
    for one in chance.sample([*late, *late], 2 * len(late)):
        _deliver(stage, one)
    issued = _versions(booking)
    _check_with_the_ledger(stage, booking, _read(issued[-1]))
    assert [one.version for one in issued] == list(range(1, len(issued) + 1))
    assert all(one.content != after.content for one, after in pairwise(issued))
    assert len(issued) <= len(late)
    assert _told_of(booking) == [one.version for one in issued]


def _told_of(booking: BookingView) -> list[object]:
    events = [item.document for item in EventItem.query(f"rct_{booking.id[4:]}")]
    assert {event.name for event in events} == {"receipt.issued"}
    return [event.payload["receipt_version"] for event in events]


def test_what_was_added_stands_on_the_booking_s_receipt_with_its_lines_and_what_was_paid(
    stage: Stage,
) -> None:
    booking = stage.accepted()
    _tell(stage, booking)
    added = stage.consent(stage.propose(booking, minor=20_00))
    _tell(stage, booking)
    first, second = _versions(booking)
    assert (second.version, second.replaces) == (2, first.number)
    (part,) = _read(second).amendments
    assert (part.id, part.total, part.paid) == (added.id, added.total, added.total)
    assert [line.title for line in part.lines] == ["A second look"]
    assert _read(second).paid == booking.total + added.total
    paper = words(stored_file(second, DocumentFormat.PDF))
    assert all(told in paper for told in ("1. Change order", "A second look", "21.00", "USD 121.00"))
    assert DocumentItem.count(f"rct_{added.id[4:]}") == 0, "one receipt tells of all"


def test_a_proposal_that_nobody_pays_is_no_part_of_the_receipt(stage: Stage) -> None:
    booking = stage.accepted()
    _tell(stage, booking)
    stage.refuse(stage.propose(booking))
    _tell(stage, booking)
    assert len(_versions(booking)) == 1


def test_what_an_amendment_gives_back_is_told_beside_it(stage: Stage) -> None:
    booking = stage.accepted()
    added = stage.consent(stage.propose(booking, minor=20_00))
    _refund(stage, added, 5_00)
    _tell(stage, booking)
    receipt = _newest(booking)
    (back,) = [one for one in receipt.moved if one.kind == "refund"]
    assert (back.amendment_id, back.amount.amount_minor) == (added.id, -5_00)
    assert receipt.amendments[0].paid.amount_minor == added.total.amount_minor - 5_00
    assert "1. Refund" in words(stored_file(_versions(booking)[-1], DocumentFormat.PDF))


@pytest.mark.parametrize(
    ("ends", "outcome", "taken_minor"),
    [(None, "open", 0), (DisputeStatus.WON, "won", 0), (DisputeStatus.LOST, "lost", 100_00)],
)
def test_disputes_are_told_and_what_was_lost_is_no_longer_paid(
    stage: Stage, ends: DisputeStatus | None, outcome: str, taken_minor: int
) -> None:
    booking = completed(stage)
    _tell(stage, booking)
    _dispute(stage, booking.id, ends)
    _tell(stage, booking)
    receipt = _newest(booking)
    (told,) = receipt.disputes
    assert (told.outcome, told.amount) == (outcome, booking.total)
    assert receipt.taken_back.amount_minor == taken_minor
    assert receipt.paid.amount_minor == 100_00 - taken_minor
    assert "Disputes" in words(stored_file(_versions(booking)[-1], DocumentFormat.PDF))


@pytest.mark.parametrize(("hours_before", "fee_minor"), [(12, 100_00), (30, 52_38), (80, 4_76)])
def test_a_client_who_cancels_reads_what_they_pay_all_the_same_even_where_nothing_goes_back(
    stage: Stage, hours_before: int, fee_minor: int
) -> None:
    booking = stage.accepted(in_hours=96)
    _tell(stage, booking)
    stage.advance(hours=96 - hours_before)
    stage.cancel(booking)
    _tell(stage, booking)
    receipt = _newest(booking)
    assert receipt.cancellation is not None
    assert receipt.cancellation.fee.amount_minor == receipt.paid.amount_minor == fee_minor
    assert "Cancelled " in words(stored_file(_versions(booking)[-1], DocumentFormat.PDF))


def test_the_fee_of_a_cancellation_is_the_same_before_and_after_the_refund_has_left(stage: Stage) -> None:
    booking = stage.accepted(in_hours=30)
    stage.fake.is_away = True
    stage.cancel(booking)
    _tell(stage, booking)
    before = _newest(booking)
    stage.fake.is_away = False
    stage.advance(hours=2)
    _tell(stage, booking)
    after = _newest(booking)
    assert before.refunded.is_zero
    assert after.refunded.amount_minor == 47_62
    assert before.cancellation == after.cancellation


def _two_changes(stage: Stage) -> tuple[BookingView, Sequence[Heard]]:
    booking = stage.accepted()
    _tell(stage, booking)
    stage.consent(stage.propose(booking))
    _refund(stage, booking, 5_00)
    return booking, _heard(stage, booking)[1:]


def test_two_at_once_make_one_version_and_neither_puts_older_news_behind_newer(stage: Stage) -> None:
    """Somebody reads, and stops before any of their steps; meanwhile something happens and another tells of it."""
    steps = 0
    while True:
        booking = stage.accepted(in_hours=72 + 8 * steps)
        _tell(stage, booking)
        stage.consent(stage.propose(booking))
        slow_news = _heard(stage, booking)[-1]
        slow = Worker.at(lambda heard=slow_news: _deliver(stage, heard))  # type: ignore[misc]  # bound at once
        with steps_of_dynamodb():
            for _ in range(steps):
                slow.go_on()
            if slow.is_done:
                break
            _refund(stage, booking, 5_00)
            assert _deliver(stage, _heard(stage, booking)[-1]) is Issuing.ISSUED
            slow.finish()
        if slow.error is not None:  # the queue brings it again
            assert isinstance(slow.error, Stale)
            assert _deliver(stage, slow_news) is Issuing.UNCHANGED
        assert [one.version for one in _versions(booking)] == [1, 2], f"stopped before step {steps}"
        _check_with_the_ledger(stage, booking, _newest(booking))
        steps += 1
    assert steps > 5


def test_changes_that_are_heard_together_make_one_version(stage: Stage) -> None:
    booking, (first, second) = _two_changes(stage)
    assert _deliver(stage, second) is Issuing.ISSUED
    assert _deliver(stage, first) is Issuing.UNCHANGED
    assert len(_versions(booking)) == 2


def test_what_is_told_of_a_receipt_names_no_person(stage: Stage) -> None:
    booking = stage.accepted()
    _tell(stage, booking)
    (event,) = [item.document for item in EventItem.query(f"rct_{booking.id[4:]}")]
    (issued,) = _versions(booking)
    assert event.payload == {
        "receipt_id": issued.id, "booking_id": booking.id, "client_id": booking.client_id,
        "provider_id": booking.provider_id, "number": issued.number, "receipt_version": 1, "replaces": None,
    }  # fmt: skip


def test_an_event_of_nothing_that_was_paid_issues_nothing(stage: Stage) -> None:
    booking = stage.book()
    stage.cancel(booking)
    heard = _heard(stage, booking)
    assert [one.name for one in heard] == ["booking.cancelled"]
    assert _deliver(stage, heard[0]) is Issuing.UNCHANGED
    assert _versions(booking) == []
    again = heard[0].model_copy(update={"event_id": new_id("evt")})
    assert _deliver(stage, again) is Issuing.UNCHANGED
