"""Disputes of a payment as they are stored, one item each beside it, and what of one is to be written down next."""

from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import AwareDatetime, BaseModel, Field

from callsheet.gateways.disputes import DisputeReason, DisputeStatus, FoundDispute
from callsheet.kernel.access import AccessPath
from callsheet.kernel.models import FROZEN
from callsheet.kernel.money import Money
from callsheet.platform.read import Key
from callsheet.platform.stale import Stale
from callsheet.platform.table import Document, Table
from callsheet.platform.transaction import Transaction

_SORT = "DISPUTE#"
# How often an open dispute is looked at, webhook or not; and how long before the bank's deadline somebody is woken.
LOOK_EVERY = timedelta(days=1)
WAKE_BEFORE = timedelta(days=1)
_TAKES_EVIDENCE = frozenset({DisputeStatus.INQUIRY, DisputeStatus.NEEDS_RESPONSE})
_INQUIRIES = frozenset({DisputeStatus.INQUIRY, DisputeStatus.INQUIRY_CLOSED})


class Submission(BaseModel):
    """Evidence that staff hands in, written down before it is; `submitted_at` once the bank has it.

    What is handed in stays in the bucket of records: `bundle_key` names the ZIP with everything, `pdf_key` what the
    bank gets of it; each key ends in the file's SHA-256. `words` is what the bank reads besides.
    """

    model_config = FROZEN

    by: str
    reason: str = Field(description="For the record; the bank does not see it")
    notes: str
    words: str
    claimed_at: AwareDatetime
    pdf_key: str
    bundle_key: str
    submitted_at: AwareDatetime | None = None


class Dispute(BaseModel):
    """The stored document, and what staff see. `withdrawn` and `fee` were taken, `reinstated` came back."""

    model_config = FROZEN

    id: str = Field(description="Stripe's id of it")
    booking_id: str
    amount: Money
    reason: DisputeReason
    status: DisputeStatus
    opened_at: AwareDatetime
    evidence_due_at: AwareDatetime | None = None
    withdrawn: Money | None = None
    fee: Money | None = None
    reinstated: Money | None = None
    closed_at: AwareDatetime | None = None
    woken_at: AwareDatetime | None = Field(
        default=None, description="When support was told that time runs out"
    )
    evidence: Submission | None = None

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def takes_evidence(self) -> bool:
        return self.status in _TAKES_EVIDENCE and (
            self.evidence is None or self.evidence.submitted_at is None
        )

    def runs_out(self, now: datetime) -> bool:
        """True where nobody has answered, and the bank waits for less than a day."""
        is_near = self.evidence_due_at is not None and self.evidence_due_at - WAKE_BEFORE <= now
        return self.takes_evidence and is_near


class Disputes(BaseModel):
    """All of one booking, oldest first: a booking has a handful, so there are no pages."""

    model_config = FROZEN

    items: tuple[Dispute, ...]
    next_cursor: None = None


class DisputeStep(StrEnum):
    """What is to be written down next; each is one transaction."""

    NOTHING = "nothing"
    INQUIRE = "inquire"
    END_INQUIRY = "end_inquiry"
    OPEN = "open"
    WITHDRAW = "withdraw"  # Stripe has booked what was opened before
    REVIEW = "review"
    WIN = "win"
    LOSE = "lose"


def next_step(stored: Dispute | None, found: FoundDispute) -> DisputeStep:
    """What is to be written of a dispute. Whatever was heard of it and when: the answer depends on the two alone."""
    if stored is None:
        return DisputeStep.INQUIRE if found.status in _INQUIRIES else DisputeStep.OPEN
    match stored.status:
        case DisputeStatus.INQUIRY:
            return _after_inquiry(found)
        case DisputeStatus.NEEDS_RESPONSE | DisputeStatus.UNDER_REVIEW:
            return _after_opening(stored, found)
        case _:
            return DisputeStep.NOTHING


def _after_inquiry(found: FoundDispute) -> DisputeStep:
    match found.status:
        case DisputeStatus.INQUIRY:
            return DisputeStep.NOTHING
        case DisputeStatus.INQUIRY_CLOSED:
            return DisputeStep.END_INQUIRY
        case _:
            return DisputeStep.OPEN


def _after_opening(stored: Dispute, found: FoundDispute) -> DisputeStep:
    """Nobody wins or loses before Stripe has booked what it moves: until then it is looked at again."""
    if stored.withdrawn is None and found.withdrawn is not None:
        return DisputeStep.WITHDRAW
    match found.status:
        case DisputeStatus.WON if stored.withdrawn is None or found.reinstated is not None:
            return DisputeStep.WIN
        case DisputeStatus.LOST if stored.withdrawn is not None:
            return DisputeStep.LOSE
        case DisputeStatus.UNDER_REVIEW if stored.status is DisputeStatus.NEEDS_RESPONSE:
            return DisputeStep.REVIEW
        case _:
            return DisputeStep.NOTHING


class DisputeItem(Table):
    logical_name = "payments"
    document = Document(Dispute)


def dispute_key(booking_id: str, dispute_id: str) -> Key:
    return (DisputeItem, booking_id, f"{_SORT}{dispute_id}")


def stored_disputes(booking_id: str) -> dict[str, DisputeItem]:
    """By Stripe's ids, with the versions they were read at; one query."""
    items = DisputeItem.query(booking_id, DisputeItem.sk.startswith(_SORT), consistent_read=True)
    return {item.document.id: item for item in items}


def disputes_of(booking_id: str) -> tuple[Dispute, ...]:
    """The oldest first."""
    found = (item.document for item in stored_disputes(booking_id).values())
    return tuple(sorted(found, key=lambda dispute: (dispute.opened_at, dispute.id)))


def add_dispute(txn: Transaction, dispute: Dispute) -> DisputeItem:
    """Stale where somebody else has just heard of it."""
    item = DisputeItem(dispute.booking_id, f"{_SORT}{dispute.id}", document=dispute)
    txn.create(item, Stale())
    return item


def save_dispute(txn: Transaction, stored: DisputeItem, dispute: Dispute) -> None:
    """Stale where somebody has changed it since it was read."""
    stored.document = dispute
    txn.replace(stored, Stale())


ACCESS_PATHS = (
    AccessPath(
        name="the disputes of a booking's payment",
        table="payments",
        keys="pk = <booking id>, sk begins with DISPUTE#",
        use_cases=("bookings.converge_payment", "bookings.check_disputes", "bookings.list_disputes"),
    ),
    AccessPath(
        name="one dispute of a booking's payment",
        table="payments",
        keys="pk = <booking id>, sk = DISPUTE#<Stripe's id>",
        use_cases=("documents.submit_evidence",),
    ),
)
