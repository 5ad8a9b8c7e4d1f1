"""A wallet is what the platform owes a client as credit: line by line how that came about."""

from enum import StrEnum

from pydantic import AwareDatetime, BaseModel

from callsheet.kernel.models import FROZEN
from callsheet.kernel.money import Money


class LineKind(StrEnum):
    """Why a wallet has more or less in it."""

    GOODWILL = "goodwill"
    REFERRAL = "referral"
    SPENT = "spent"  # at a checkout
    RETURNED = "returned"  # that checkout came to nothing
    REFUND_RESIDUE = "refund_residue"  # what of a refund the card has not paid, or cannot get
    REFUND_FAILED = "refund_failed"  # what their bank could not credit
    CASHED_OUT = "cashed_out"  # that credit went to a bank account of theirs
    CASH_OUT_RETURNED = "cash_out_returned"  # or did not


class Line(BaseModel):
    """The stored document: one movement, never changed. Positive where the wallet has more for it.

    `cause` (`credit:wcr_…`, `spent:bkg_…`) is what moved it, once; the ledger has its entry under `subject`.
    """

    model_config = FROZEN

    cause: str
    subject: str
    kind: LineKind
    amount: Money
    moved_at: AwareDatetime
    given_by: str | None = None
    reason: str | None = None
