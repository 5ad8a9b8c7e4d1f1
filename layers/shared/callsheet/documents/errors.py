"""What asking for documents may be refused with."""

from callsheet.kernel.errors import NotFound


class ReceiptNotIssued(NotFound):
    code, title = (
        "receipt_not_issued",
        "There is no receipt yet: nothing has been paid, or it is being written",
    )


class StatementNotFound(NotFound):
    code, title = "statement_not_found", "There is no such statement, or it is not yours to see"
