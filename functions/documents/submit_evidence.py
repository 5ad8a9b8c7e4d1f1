"""POST /v1/admin/bookings/{booking_id}/disputes/{dispute_id}/evidence: what we know is to go to the bank."""

from callsheet import wiring
from callsheet.documents.errors import DisputeNotFound, EvidenceDiffers, EvidenceTooLate
from callsheet.documents.submit_evidence import EvidenceWords, SubmitEvidence, submit_evidence
from callsheet.http.endpoint import endpoint
from callsheet.kernel.errors import NotFound
from callsheet.kernel.principal import Principal
from callsheet.payments.disputes import Dispute


@endpoint(status=202, errors=(NotFound, DisputeNotFound, EvidenceTooLate, EvidenceDiffers))
def handler(booking_id: str, dispute_id: str, body: EvidenceWords, caller: Principal) -> Dispute:
    command = SubmitEvidence(booking_id=booking_id, dispute_id=dispute_id, **dict(body))
    return submit_evidence(command, caller, wiring.documents())
