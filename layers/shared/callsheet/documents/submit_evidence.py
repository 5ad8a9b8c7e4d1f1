"""Staff answers a cardholder's bank: what we know is gathered, drawn and kept, to be handed in once."""

from pydantic import BaseModel, Field

from callsheet.bookings.case import Case
from callsheet.bookings.dispute_events import DisputeEvidencePrepared
from callsheet.bookings.views import party_of
from callsheet.documents.deps import DocumentsDeps
from callsheet.documents.disputed import load_disputed
from callsheet.documents.errors import EvidenceDiffers, EvidenceTooLate
from callsheet.documents.evidence import Facts, bundle_of, timeline_of, what_happened
from callsheet.documents.evidence_paper import evidence_pdf
from callsheet.documents.files import store_evidence
from callsheet.documents.names import names_of
from callsheet.kernel.errors import Forbidden
from callsheet.kernel.models import COMMAND
from callsheet.kernel.principal import Principal
from callsheet.ledger.list_entries import list_entries
from callsheet.payments.disputes import Dispute, Submission, save_dispute
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


def submit_evidence(command: SubmitEvidence, caller: Principal, deps: DocumentsDeps) -> Dispute:
    """What is handed in is written down first, files and all; `hand_in_evidence` then hears of it and asks Stripe.

    The same words again change nothing. Raises DisputeNotFound, EvidenceTooLate, EvidenceDiffers where other words were
    written before, Forbidden to the parties themselves.
    """
    return decided_anew(lambda: _claim(command, caller, deps))


def _claim(command: SubmitEvidence, caller: Principal, deps: DocumentsDeps) -> Dispute:
    case, stored = load_disputed(command.booking_id, command.dispute_id)
    if party_of(case.booking, caller) is not None:
        raise Forbidden("Nobody answers the bank about their own booking")
    written = stored.document.evidence
    if written is not None:
        if (written.notes, written.reason) != (command.notes, command.reason):
            raise EvidenceDiffers
        return stored.document
    if not stored.document.takes_evidence:
        raise EvidenceTooLate
    submission = _gathered(command, case, stored.document, caller, deps)
    txn = Transaction(caller, deps.clock.now())
    save_dispute(txn, stored, stored.document.model_copy(update={"evidence": submission}))
    case.publish(txn, DisputeEvidencePrepared, dispute_id=stored.document.id, amount=stored.document.amount)
    txn.commit()
    return stored.document


def _gathered(
    command: SubmitEvidence, case: Case, dispute: Dispute, caller: Principal, deps: DocumentsDeps
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
