"""What Callsheet asks of whoever brings disputes of payments; `gateways/stripe_disputes.py` is Stripe."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from callsheet.kernel.money import Money, total


class DisputeStatus(StrEnum):
    """Where a dispute stands. An inquiry takes no money: a bank asks before it decides whether to."""

    INQUIRY = "inquiry"
    INQUIRY_CLOSED = "inquiry_closed"
    NEEDS_RESPONSE = "needs_response"
    UNDER_REVIEW = "under_review"
    WON = "won"
    LOST = "lost"


class DisputeReason(StrEnum):
    """What a cardholder told their bank (Stripe, "Dispute categories")."""

    CREDIT_NOT_PROCESSED = "credit_not_processed"
    DUPLICATE = "duplicate"
    FRAUDULENT = "fraudulent"
    GENERAL = "general"
    PRODUCT_NOT_RECEIVED = "product_not_received"
    PRODUCT_UNACCEPTABLE = "product_unacceptable"
    SUBSCRIPTION_CANCELED = "subscription_canceled"
    UNRECOGNIZED = "unrecognized"
    OTHER = "other"


class EvidenceRefused(Exception):
    """The dispute takes no evidence (any more); what was submitted before stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeMove:
    """Money that a dispute has moved on the platform's balance: withdrawn is negative. `fee` is paid, or given back."""

    amount: Money
    fee: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundDispute:
    """A dispute as it stands at the provider; `moves` are what it has moved so far."""

    id: str
    amount: Money
    reason: DisputeReason
    status: DisputeStatus
    opened_at: datetime
    evidence_due_at: datetime | None = None
    moves: tuple[DisputeMove, ...] = ()

    @property
    def withdrawn(self) -> DisputeMove | None:
        """What was taken, as positive amounts; None where nothing was yet."""
        taken = self._sum([move for move in self.moves if move.amount.amount_minor < 0])
        return None if taken is None else DisputeMove(amount=-taken.amount, fee=taken.fee)

    @property
    def reinstated(self) -> DisputeMove | None:
        """What came back, the fee as what of it did; None where nothing has yet."""
        back = self._sum([move for move in self.moves if move.amount.amount_minor > 0])
        return None if back is None else DisputeMove(amount=back.amount, fee=-back.fee)

    @staticmethod
    def _sum(moves: list[DisputeMove]) -> DisputeMove | None:
        if not moves:
            return None
        currency = moves[0].amount.currency
        return DisputeMove(
            amount=total([move.amount for move in moves], currency),
            fee=total([move.fee for move in moves], currency),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a bank is told (Stripe, "Dispute evidence"). `file_id` is a PDF with all of it."""

    product_description: str
    service_date: str
    cancellation_policy: str
    refund_policy: str
    words: str
    file_id: str


class DisputeGateway(Protocol):
    """Calls that change something carry a key of ours. All raise PaymentsUnavailable where no outcome is known."""

    def disputes_of(self, intent_id: str) -> tuple[FoundDispute, ...]:
        """All disputes that there were of a payment, the oldest first."""
        ...

    def upload(self, content: bytes, name: str, key: str) -> str:
        """Leave a PDF with the provider, as evidence; its id there."""
        ...

    def submit_evidence(self, dispute_id: str, evidence: Evidence, key: str) -> None:
        """Hand in what the bank is to decide on: once. Again under the same key changes nothing.

        Raises EvidenceRefused.
        """
        ...
