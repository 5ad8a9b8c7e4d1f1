"""Staff answers a cardholder's bank: what we know is gathered, kept, and handed in once."""

from pydantic import BaseModel, Field

from callsheet.bookings.case import Case, load_case
from callsheet.bookings.events import DisputeEvidenceSubmitted
from callsheet.bookings.views import party_of
from callsheet.documents.deps import EvidenceDeps
from callsheet.documents.errors import DisputeNotFound, EvidenceDiffers, EvidenceTooLate
from callsheet.documents.evidence import Facts, bundle_of, evidence_of, timeline_of, what_happened
from callsheet.documents.evidence_paper import evidence_pdf
from callsheet.documents.files import read_evidence, store_evidence
from callsheet.documents.names import names_of
from callsheet.gateways.disputes import EvidenceRefused
from callsheet.kernel.errors import Forbidden
from callsheet.kernel.models import COMMAND
from callsheet.kernel.principal import Principal
from callsheet.ledger.list_entries import list_entries
from callsheet.payments.disputes import Dispute, DisputeItem, Submission, dispute_key, save_dispute
from callsheet.platform.stale import decided_anew
from callsheet.platform.transaction import Transaction


class EvidenceWords(BaseModel):
    """`notes` go to the bank with what we know anyway; `reason` stays on the record."""

    model_config = COMMAND

    notes: str = Field(min_length=3, max_length=5000)
    reason: str = Field(min_length=3, max_length=500)


class SubmitEvidence(EvidenceWords):
    booking_id: str
    dispute_id: str


def submit_evidence(command: SubmitEvidence, caller: Principal, deps: EvidenceDeps) -> Dispute:
    """What is handed in is written down first, files and all: whoever comes after a crash hands in the same.

    The same words again change nothing. The dispute's status moves when Stripe says so. Raises DisputeNotFound,
    EvidenceTooLate, EvidenceDiffers where other words were written before, Forbidden to the parties themselves,
    PaymentsUnavailable where Stripe does not answer: the same request then finishes it.
    """
    stored = decided_anew(lambda: _claim(command, caller, deps))
    submission = stored.document.evidence
    if submission is None or submission.submitted_at is not None:
        return stored.document
    key = f"{stored.document.id}/evidence/{submission.claimed_at:%Y%m%dT%H%M%S}"
    file_id = deps.disputes.upload(
        read_evidence(submission.pdf_key), f"{stored.document.id}.pdf", f"{key}/file"
    )
    booking = load_case(command.booking_id).booking
    try:
        deps.disputes.submit_evidence(
            stored.document.id, evidence_of(booking, submission.words, file_id), key
        )
    except EvidenceRefused as refusal:
        decided_anew(lambda: _forget(command, caller, deps))
        raise EvidenceTooLate from refusal
    return decided_anew(lambda: _record(command, caller, deps))


def _load(command: SubmitEvidence) -> tuple[Case, DisputeItem]:
    case = load_case(command.booking_id, beside=[dispute_key(command.booking_id, command.dispute_id)])
    (stored,) = case.beside
    if not isinstance(stored, DisputeItem):
        raise DisputeNotFound
    return case, stored


def _claim(command: SubmitEvidence, caller: Principal, deps: EvidenceDeps) -> DisputeItem:
    case, stored = _load(command)
    if party_of(case.booking, caller) is not None:
        raise Forbidden("Nobody answers the bank about their own booking")
    written = stored.document.evidence
    if written is not None:
        if (written.notes, written.reason) != (command.notes, command.reason):
            raise EvidenceDiffers
        return stored
    if not stored.document.takes_evidence:
        raise EvidenceTooLate
    submission = _gathered(command, case, stored.document, caller, deps)
    txn = Transaction(caller, deps.clock.now())
    save_dispute(txn, stored, stored.document.model_copy(update={"evidence": submission}))
    txn.commit()
    return stored


def _gathered(
    command: SubmitEvidence, case: Case, dispute: Dispute, caller: Principal, deps: EvidenceDeps
) -> Submission:
    booking = case.booking
    facts = Facts(
        dispute=dispute,
        booking=booking,
        names=names_of((booking.client_id, booking.provider_id), caller, deps),
        events=timeline_of(booking.id),
        entries=list_entries(booking.id).items,
        words=command.notes,
        gathered_at=deps.clock.now(),
    )
    pdf = evidence_pdf(facts)
    return Submission(
        by=caller.user_id,
        reason=command.reason,
        notes=command.notes,
        words=f"{what_happened(booking)} {command.notes}",
        claimed_at=facts.gathered_at,
        pdf_key=store_evidence(dispute.id, pdf, "pdf"),
        bundle_key=store_evidence(dispute.id, bundle_of(facts, pdf), "zip"),
    )


def _record(command: SubmitEvidence, caller: Principal, deps: EvidenceDeps) -> Dispute:
    case, stored = _load(command)
    dispute, now = stored.document, deps.clock.now()
    if dispute.evidence is None or dispute.evidence.submitted_at is not None:
        return dispute
    submitted = dispute.evidence.model_copy(update={"submitted_at": now})
    txn = Transaction(caller, now)
    save_dispute(txn, stored, dispute.model_copy(update={"evidence": submitted}))
    case.publish(txn, DisputeEvidenceSubmitted, dispute_id=dispute.id, amount=dispute.amount)
    txn.commit()
    return stored.document


def _forget(command: SubmitEvidence, caller: Principal, deps: EvidenceDeps) -> None:
    """The bank has not read it: whatever is written next may differ."""
    _, stored = _load(command)
    txn = Transaction(caller, deps.clock.now())
    save_dispute(txn, stored, stored.document.model_copy(update={"evidence": None}))
    txn.commit()
