"""What asking for documents may be refused with."""

from callsheet.kernel.errors import Conflict, NotFound


class ReceiptNotIssued(NotFound):
    code, title = (
        "receipt_not_issued",
        "There is no receipt yet: nothing has been paid, or it is being written",
    )


class ReceiptVersionNotFound(NotFound):
    code, title = "receipt_version_not_found", "The receipt has no such version"


class StatementNotFound(NotFound):
    code, title = "statement_not_found", "There is no such statement, or it is not yours to see"


class DisputeNotFound(NotFound):
    code, title = "dispute_not_found", "There is no such dispute of this booking"


class EvidenceTooLate(Conflict):
    code, title = "evidence_too_late", "The bank takes no evidence for this dispute any more"


class EvidenceDiffers(Conflict):
    """The bank reads evidence once: what was written first is what it gets."""

    code, title = "evidence_differs", "Other evidence was written for this dispute before"
