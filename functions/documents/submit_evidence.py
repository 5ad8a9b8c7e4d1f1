"""POST /v1/admin/bookings/{booking_id}/disputes/{dispute_id}/evidence: what we know goes to the bank, once."""

from callsheet import wiring
from callsheet.documents.errors import DisputeNotFound, EvidenceDiffers, EvidenceTooLate
from callsheet.documents.submit_evidence import EvidenceWords, SubmitEvidence, submit_evidence
from callsheet.http.endpoint import endpoint
from callsheet.kernel.errors import NotFound
from callsheet.kernel.principal import Principal
from callsheet.payments.disputes import Dispute

_DEPS = wiring.evidence()  # Stripe's SDK loads while the function starts


@endpoint(errors=(NotFound, DisputeNotFound, EvidenceTooLate, EvidenceDiffers))
def handler(booking_id: str, dispute_id: str, body: EvidenceWords, caller: Principal) -> Dispute:
    command = SubmitEvidence(booking_id=booking_id, dispute_id=dispute_id, **dict(body))
    return submit_evidence(command, caller, _DEPS)
