"""Staff answers a bank: everything we know is kept and handed in once, whoever dies or comes twice."""

import json
import zipfile
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from io import BytesIO

import pytest
from pypdf import PdfReader

from callsheet.bookings.check_disputes import Looked, check_disputes
from callsheet.bookings.converge_payment import converge_payment
from callsheet.bookings.list_disputes import list_disputes
from callsheet.bookings.model import BookingView
from callsheet.documents.deps import DocumentsDeps, EvidenceDeps
from callsheet.documents.errors import DisputeNotFound, EvidenceDiffers, EvidenceTooLate
from callsheet.documents.files import read_evidence
from callsheet.documents.hand_in_evidence import CONSUMER, EvidencePrepared, HandedIn, hand_in_evidence
from callsheet.documents.submit_evidence import SubmitEvidence, submit_evidence
from callsheet.gateways.disputes import DisputeGateway, DisputeStatus
from callsheet.gateways.errors import PaymentsUnavailable
from callsheet.kernel.errors import Forbidden
from callsheet.kernel.page import Cursors
from callsheet.kernel.principal import Principal, Role, system
from callsheet.ledger.list_entries import list_entries
from callsheet.payments.disputes import Dispute
from callsheet.platform.records import EventItem
from tests.support.crashes import Died, MortalDisputes, Steps
from tests.support.earning import completed
from tests.support.stage import Stage, somebody, stripe

NOTES = "The session took place, and the client has the pictures."


@pytest.fixture
def stage(tables: None) -> Stage:
    return Stage()


@pytest.fixture
def sven() -> Principal:
    return somebody(Role.SUPPORT)


def prepare(stage: Stage, command: SubmitEvidence, caller: Principal) -> Dispute:
    cursors = DocumentsDeps(clock=stage.clock, cursors=lambda: Cursors("secret"))
    return submit_evidence(command, caller, cursors)


def hand_in(stage: Stage, command: SubmitEvidence, disputes: DisputeGateway | None = None) -> HandedIn:
    """What the consumer does with the last event of it."""
    events = [item.document for item in EventItem.query(command.booking_id)]
    last = [event for event in events if event.name == "dispute.evidence_prepared"][-1]
    heard = EvidencePrepared.model_validate(last.model_dump(mode="json"))
    deps = EvidenceDeps(
        clock=stage.clock, cursors=lambda: Cursors("secret"), disputes=disputes or stage.fake.disputes
    )
    return hand_in_evidence(heard, system(CONSUMER), deps)


def submit(stage: Stage, command: SubmitEvidence, caller: Principal) -> Dispute:
    """Both, and the dispute afterwards."""
    prepare(stage, command, caller)
    assert hand_in(stage, command) is HandedIn.DONE
    (dispute,) = list_disputes(command.booking_id).items
    return dispute


def disputed(stage: Stage, *, is_inquiry: bool = False) -> tuple[BookingView, SubmitEvidence]:
    booking = completed(stage)
    dispute_id = stage.fake.dispute(stage.intent_id(booking), is_inquiry=is_inquiry)
    converge_payment(booking.id, stripe(), stage.deps)
    command = SubmitEvidence(booking_id=booking.id, dispute_id=dispute_id, notes=NOTES, reason="Downloaded")
    return booking, command


def the_dispute(booking: BookingView) -> Dispute:
    (dispute,) = list_disputes(booking.id).items
    return dispute


def told(booking: BookingView, name: str = "dispute.evidence_submitted") -> int:
    return [item.document.name for item in EventItem.query(booking.id)].count(name)


def test_the_bank_gets_a_pdf_and_the_facts_and_the_status_follows(stage: Stage, sven: Principal) -> None:
    booking, command = disputed(stage)
    answer = submit(stage, command, sven)
    assert answer.evidence is not None
    assert (answer.evidence.by, answer.evidence.submitted_at) == (sven.id, stage.clock.now())
    (_, evidence) = stage.fake.disputes.evidence[command.dispute_id]
    assert "USD 100.00" in evidence.product_description
    assert booking.starts_at is not None
    assert evidence.service_date == booking.starts_at.date().isoformat()
    assert "100 % of the subtotal goes back" in evidence.cancellation_policy
    assert evidence.words.endswith(NOTES)
    assert "The work was accepted on" in evidence.words
    name, content = stage.fake.disputes.files[evidence.file_id]
    assert (name, content) == (f"{command.dispute_id}.pdf", read_evidence(answer.evidence.pdf_key))
    pages = "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    for words in (booking.id, command.dispute_id, "booking accepted", "capture", NOTES):
        assert words in pages
    assert the_dispute(booking).status is DisputeStatus.NEEDS_RESPONSE
    converge_payment(booking.id, stripe(), stage.deps)
    assert the_dispute(booking).status is DisputeStatus.UNDER_REVIEW
    assert the_dispute(booking).evidence == answer.evidence
    assert told(booking) == 1


def test_the_bundle_keeps_all_that_we_know_and_says_what_each_file_hashes_to(
    stage: Stage, sven: Principal
) -> None:
    booking, command = disputed(stage)
    entries = list_entries(booking.id).items
    submission = submit(stage, command, sven).evidence
    assert submission is not None
    content = read_evidence(submission.bundle_key)
    assert sha256(content).hexdigest() in submission.bundle_key
    with zipfile.ZipFile(BytesIO(content)) as bundle:
        files = {name: bundle.read(name) for name in bundle.namelist()}
    manifest = json.loads(files.pop("manifest.json"))
    assert manifest == {name: sha256(kept).hexdigest() for name, kept in files.items()}
    assert [one["cause"] for one in json.loads(files["journal.json"])] == [one.cause for one in entries]
    assert "dispute.opened" in [one["name"] for one in json.loads(files["timeline.json"])]
    assert json.loads(files["policy.json"])["key"] == "default"
    assert json.loads(files["price.json"])["total"] == {"amount_minor": 10000, "currency": "USD"}
    assert json.loads(files["notes.json"])["support"] == NOTES
    assert files["evidence.pdf"] == read_evidence(submission.pdf_key)


def test_the_same_words_again_change_nothing_and_others_are_refused(stage: Stage, sven: Principal) -> None:
    booking, command = disputed(stage)
    prepared = prepare(stage, command, sven)
    stage.clock.moment += timedelta(hours=1)
    assert prepare(stage, command, sven) == prepared
    first = submit(stage, command, sven)
    assert prepare(stage, command, sven) == first
    assert hand_in(stage, command) is HandedIn.MOOT
    with pytest.raises(EvidenceDiffers):
        prepare(stage, command.model_copy(update={"notes": "Or not"}), sven)
    assert the_dispute(booking) == first
    assert stage.fake.disputes.calls.count("submit_evidence") == 1
    assert (told(booking), told(booking, "dispute.evidence_prepared")) == (1, 1)


def test_after_a_lost_answer_the_next_try_finishes_it(stage: Stage, sven: Principal) -> None:
    booking, command = disputed(stage)
    prepare(stage, command, sven)
    stage.fake.disputes.loses_answers = True
    for _ in range(2):
        with pytest.raises(PaymentsUnavailable):
            hand_in(stage, command)
    assert check_disputes(booking.id, stripe(), stage.deps) is Looked.WAITING
    stage.fake.disputes.loses_answers = False
    stage.clock.moment += timedelta(hours=30)
    assert hand_in(stage, command) is HandedIn.DONE
    submission = the_dispute(booking).evidence
    assert submission is not None
    assert submission.submitted_at == stage.clock.now()
    assert len(stage.fake.disputes.files) == 1
    assert told(booking) == 1


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", range(3))
def test_whoever_dies_at_any_step_the_bank_has_it_once(
    stage: Stage, sven: Principal, at: int, after: bool
) -> None:
    booking, command = disputed(stage)
    prepare(stage, command, sven)
    steps = Steps(at, after)
    with suppress(Died), steps.watching_transactions():
        hand_in(stage, command, MortalDisputes(stage.fake.disputes, steps))
    assert steps.names == ["upload", "submit_evidence", "transaction"][: at + 1]
    stage.clock.moment += timedelta(minutes=10)
    hand_in(stage, command)
    answer = the_dispute(booking).evidence
    assert answer is not None
    assert answer.submitted_at is not None
    assert (len(stage.fake.disputes.files), len(stage.fake.disputes.evidence)) == (1, 1)
    assert told(booking) == 1


def test_what_comes_too_late_is_refused(stage: Stage, sven: Principal) -> None:
    booking, command = disputed(stage)
    prepare(stage, command, sven)
    found = stage.fake.disputes.found[command.dispute_id]
    stage.fake.disputes.found[command.dispute_id] = replace(found, status=DisputeStatus.LOST)
    assert hand_in(stage, command) is HandedIn.REFUSED  # before anybody here has heard of it
    assert hand_in(stage, command) is HandedIn.MOOT
    assert the_dispute(booking).evidence is None
    converge_payment(booking.id, stripe(), stage.deps)
    with pytest.raises(EvidenceTooLate):
        prepare(stage, command, sven)
    assert told(booking) == 0


def test_an_inquiry_is_answered_too_and_again_once_it_is_a_dispute(stage: Stage, sven: Principal) -> None:
    booking, command = disputed(stage, is_inquiry=True)
    submit(stage, command, sven)
    stage.fake.disputes.withdraw(command.dispute_id)
    stage.fake.disputes.evidence.clear()
    converge_payment(booking.id, stripe(), stage.deps)
    assert the_dispute(booking).takes_evidence
    stage.clock.moment += timedelta(minutes=1)
    submit(stage, command.model_copy(update={"notes": "Once more"}), sven)
    assert told(booking) == 2


def test_nobody_answers_about_their_own_booking_or_a_dispute_that_is_none_of_it(
    stage: Stage, sven: Principal
) -> None:
    booking, command = disputed(stage)
    with pytest.raises(Forbidden):
        prepare(stage, command, stage.pavel.user)
    with pytest.raises(DisputeNotFound):
        prepare(stage, command.model_copy(update={"dispute_id": "dp_9"}), sven)
    assert the_dispute(booking).evidence is None
    assert stage.fake.disputes.files == {}
