"""Evidence that was prepared goes to the cardholder's bank, once, whatever fails in between."""

from enum import StrEnum

from pydantic import BaseModel

from callsheet.bookings.dispute_events import DisputeEvidenceSubmitted
from callsheet.documents.deps import EvidenceDeps
from callsheet.documents.disputed import load_disputed
from callsheet.documents.evidence import evidence_of
from callsheet.documents.files import read_evidence
from callsheet.gateways.disputes import EvidenceRefused
from callsheet.kernel.models import STORED
from callsheet.kernel.principal import Principal
from callsheet.payments.disputes import Dispute, DisputeItem, save_dispute
from callsheet.platform.stale import decided_anew
from callsheet.platform.transaction import Transaction

CONSUMER = "documents.hand_in_evidence"


class Prepared(BaseModel):
    """Of which dispute."""

    model_config = STORED

    booking_id: str
    dispute_id: str


class EvidencePrepared(BaseModel):
    """The part of an event that matters here."""

    model_config = STORED

    event_id: str
    payload: Prepared


class HandedIn(StrEnum):
    DONE = "done"
    MOOT = "moot"  # it is there, or is no longer to go
    REFUSED = "refused"  # the bank takes none any more: somebody should know


def hand_in_evidence(heard: EvidencePrepared, caller: Principal, deps: EvidenceDeps) -> HandedIn:
    """One batch read, two calls to Stripe under keys of the dispute's, one transaction.

    Whoever comes after a crash sends the very bytes and words that were kept. Raises PaymentsUnavailable where the
    outcome is not known, DisputeNotFound.
    """
    case, stored = load_disputed(heard.payload.booking_id, heard.payload.dispute_id)
    dispute, submission = stored.document, stored.document.evidence
    if submission is None or submission.submitted_at is not None:
        return HandedIn.MOOT
    key = f"{dispute.id}/evidence/{submission.claimed_at:%Y%m%dT%H%M%S}"
    file_id = deps.disputes.upload(read_evidence(submission.pdf_key), f"{dispute.id}.pdf", f"{key}/file")
    try:
        deps.disputes.submit_evidence(dispute.id, evidence_of(case.booking, submission.words, file_id), key)
    except EvidenceRefused:
        decided_anew(lambda: _forget(heard, caller, deps))
        return HandedIn.REFUSED
    return decided_anew(lambda: _record(heard, caller, deps))


def _record(heard: EvidencePrepared, caller: Principal, deps: EvidenceDeps) -> HandedIn:
    case, stored = load_disputed(heard.payload.booking_id, heard.payload.dispute_id)
    dispute, now = stored.document, deps.clock.now()
    if dispute.evidence is None or dispute.evidence.submitted_at is not None:
        return HandedIn.MOOT
    submitted = dispute.evidence.model_copy(update={"submitted_at": now})
    _save(heard, stored, dispute.model_copy(update={"evidence": submitted}), txn := Transaction(caller, now))
    case.publish(txn, DisputeEvidenceSubmitted, dispute_id=dispute.id, amount=dispute.amount)
    txn.commit()
    return HandedIn.DONE


def _forget(heard: EvidencePrepared, caller: Principal, deps: EvidenceDeps) -> None:
    """The bank has not read it: whatever is written next may differ."""
    _, stored = load_disputed(heard.payload.booking_id, heard.payload.dispute_id)
    txn = Transaction(caller, deps.clock.now())
    _save(heard, stored, stored.document.model_copy(update={"evidence": None}), txn)
    txn.commit()


def _save(heard: EvidencePrepared, stored: DisputeItem, dispute: Dispute, txn: Transaction) -> None:
    save_dispute(txn, stored, dispute)
    txn.consume(heard.event_id, CONSUMER)
