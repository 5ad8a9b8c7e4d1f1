"""Disputes in memory: what a cardholder's bank opens, takes, decides and gives back. Every call is counted."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count

from callsheet.gateways.disputes import (
    DisputeMove,
    DisputeReason,
    DisputeStatus,
    Evidence,
    EvidenceRefused,
    FoundDispute,
)
from callsheet.gateways.errors import PaymentsUnavailable
from callsheet.kernel.money import Money, zero

FEE_MINOR = 1500
RESPONSE_TIME = timedelta(days=9)
_OPEN = frozenset({DisputeStatus.INQUIRY, DisputeStatus.NEEDS_RESPONSE, DisputeStatus.UNDER_REVIEW})


@dataclass(slots=True)
class FakeDisputes:
    """Implements `DisputeGateway`."""

    calls: list[str] = field(default_factory=list)
    found: dict[str, FoundDispute] = field(default_factory=dict)
    intents: dict[str, str] = field(default_factory=dict)
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    evidence: dict[str, tuple[str, Evidence]] = field(default_factory=dict)
    is_away: bool = False
    loses_answers: bool = False
    returns_fees: bool = False
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    def disputes_of(self, intent_id: str) -> tuple[FoundDispute, ...]:
        self._called("disputes_of")
        return tuple(one for one in self.found.values() if self.intents[one.id] == intent_id)

    def upload(self, content: bytes, name: str, key: str) -> str:
        self._called("upload")
        assert content.startswith(b"%PDF-")
        known = self.files.setdefault(f"file_{key}", (name, content))
        assert known == (name, content), "the same key came with another file"
        self._answered()
        return f"file_{key}"

    def submit_evidence(self, dispute_id: str, evidence: Evidence, key: str) -> None:
        self._called("submit_evidence")
        if (known := self.evidence.get(dispute_id)) is not None and known[0] == key:
            assert known[1] == evidence, "the same key came with other evidence"
            return
        dispute = self.found[dispute_id]
        if dispute.status not in {DisputeStatus.INQUIRY, DisputeStatus.NEEDS_RESPONSE} or known is not None:
            raise EvidenceRefused
        assert evidence.file_id in self.files
        self.evidence[dispute_id] = (key, evidence)
        if dispute.status is DisputeStatus.NEEDS_RESPONSE:
            self.found[dispute_id] = replace(dispute, status=DisputeStatus.UNDER_REVIEW)
        self._answered()

    # What happens at the bank without us.

    def open(self, intent_id: str, amount: Money, now: datetime, *, is_inquiry: bool = False) -> str:
        number = next(self._numbers)
        dispute = FoundDispute(
            id=f"dp_{number}",
            amount=amount,
            reason=DisputeReason.PRODUCT_NOT_RECEIVED,
            status=DisputeStatus.INQUIRY,
            opened_at=now,
            evidence_due_at=now + RESPONSE_TIME,
        )
        self.found[dispute.id], self.intents[dispute.id] = dispute, intent_id
        if not is_inquiry:
            self.withdraw(dispute.id)
        return dispute.id

    def withdraw(self, dispute_id: str) -> None:
        """An inquiry becomes a dispute: the money and a fee go."""
        dispute = self.found[dispute_id]
        taken = DisputeMove(amount=-dispute.amount, fee=Money.of(FEE_MINOR, dispute.amount.currency))
        self.found[dispute_id] = replace(
            dispute, status=DisputeStatus.NEEDS_RESPONSE, moves=(*dispute.moves, taken)
        )

    def decide(self, dispute_id: str, status: DisputeStatus) -> None:
        """Won money comes back, and the fee where `returns_fees`."""
        dispute = self.found[dispute_id]
        assert dispute.status in _OPEN
        moves = dispute.moves
        if status is DisputeStatus.WON:
            fee = zero(dispute.amount.currency)
            if self.returns_fees:
                fee = -Money.of(FEE_MINOR, dispute.amount.currency)
            moves = (*moves, DisputeMove(amount=dispute.amount, fee=fee))
        self.found[dispute_id] = replace(dispute, status=status, moves=moves)

    def blocks_refunds(self, intent_id: str) -> bool:
        return any(
            one.status in {DisputeStatus.NEEDS_RESPONSE, DisputeStatus.UNDER_REVIEW, DisputeStatus.LOST}
            for one in self.found.values()
            if self.intents[one.id] == intent_id
        )

    def cash_minor(self) -> int:
        """What disputes have moved on the platform's account: negative as long as they have taken more."""
        moves = [move for one in self.found.values() for move in one.moves]
        return sum(move.amount.amount_minor - move.fee.amount_minor for move in moves)

    def _called(self, name: str) -> None:
        self.calls.append(name)
        if self.is_away:
            raise PaymentsUnavailable

    def _answered(self) -> None:
        if self.loses_answers:
            raise PaymentsUnavailable
