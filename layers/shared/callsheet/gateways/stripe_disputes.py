"""Disputes through Stripe (Stripe, "Respond to disputes programmatically")."""

from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING

import stripe

from callsheet.gateways.disputes import (
    DisputeMove,
    DisputeReason,
    DisputeStatus,
    Evidence,
    EvidenceRefused,
    FoundDispute,
)
from callsheet.gateways.stripe_amounts import from_stripe
from callsheet.gateways.stripe_client import RECENT, outcome, past_a_kept_failure, services

if TYPE_CHECKING:
    from stripe.params import DisputeUpdateParams

_KEY = "evidence_key"
# An appeal follows a loss: until it is decided the money is gone.
_STATUSES = {
    "warning_needs_response": DisputeStatus.INQUIRY,
    "warning_under_review": DisputeStatus.INQUIRY,
    "warning_closed": DisputeStatus.INQUIRY_CLOSED,
    "prevented": DisputeStatus.INQUIRY_CLOSED,
    "needs_response": DisputeStatus.NEEDS_RESPONSE,
    "under_review": DisputeStatus.UNDER_REVIEW,
    "won": DisputeStatus.WON,
    "lost": DisputeStatus.LOST,
    "appeal_needs_response": DisputeStatus.LOST,
    "appeal_under_review": DisputeStatus.LOST,
}


class _NamedFile(BytesIO):
    """The SDK takes the name of what it sends from the file."""

    def __init__(self, content: bytes, name: str) -> None:
        super().__init__(content)
        self.name = name


class StripeDisputes:
    """Implements `DisputeGateway`. `http_client` replaces the network in tests."""

    def __init__(self, http_client: stripe.HTTPClient | None = None) -> None:
        self._http = http_client

    def disputes_of(self, intent_id: str) -> tuple[FoundDispute, ...]:
        with outcome():
            found = self._v1.disputes.list({"payment_intent": intent_id, "limit": RECENT})
        return tuple(sorted((_found(one) for one in found.data), key=lambda one: (one.opened_at, one.id)))

    def upload(self, content: bytes, name: str, key: str) -> str:
        def ask(call_key: str) -> stripe.File:
            return self._v1.files.create(
                {"file": _NamedFile(content, name), "purpose": "dispute_evidence"},
                {"idempotency_key": call_key},
            )

        with outcome():
            return past_a_kept_failure(ask, key).id

    def submit_evidence(self, dispute_id: str, evidence: Evidence, key: str) -> None:
        params: DisputeUpdateParams = {
            "evidence": {
                "product_description": evidence.product_description,
                "service_date": evidence.service_date,
                "cancellation_policy_disclosure": evidence.cancellation_policy,
                "refund_policy_disclosure": evidence.refund_policy,
                "uncategorized_text": evidence.words,
                "uncategorized_file": evidence.file_id,
            },
            "submit": True,
            "metadata": {_KEY: key},
        }

        def ask(call_key: str) -> stripe.Dispute:
            return self._v1.disputes.update(dispute_id, params, {"idempotency_key": call_key})

        try:
            with outcome():
                past_a_kept_failure(ask, key, lambda: self._submitted_under(dispute_id, key))
        except stripe.InvalidRequestError as error:
            # Keys are forgotten after a day: what is refused as too late may be what we submitted ourselves.
            with outcome():
                is_ours = self._submitted_under(dispute_id, key) is not None
            if not is_ours:
                raise EvidenceRefused from error

    def _submitted_under(self, dispute_id: str, key: str) -> stripe.Dispute | None:
        dispute = self._v1.disputes.retrieve(dispute_id)
        return dispute if dispute.metadata.to_dict().get(_KEY) == key else None

    @property
    def _v1(self) -> stripe.V1Services:
        return services(self._http)


def _found(dispute: stripe.Dispute) -> FoundDispute:
    due_by = dispute.evidence_details.due_by
    return FoundDispute(
        id=dispute.id,
        amount=from_stripe(dispute.amount, dispute.currency),
        reason=_reason(dispute.reason),
        # A status that Stripe has added since is one that somebody at the bank has to move on from.
        status=_STATUSES.get(dispute.status, DisputeStatus.UNDER_REVIEW),
        opened_at=datetime.fromtimestamp(dispute.created, UTC),
        evidence_due_at=None if due_by is None else datetime.fromtimestamp(due_by, UTC),
        moves=tuple(
            DisputeMove(
                amount=from_stripe(booked.amount, booked.currency),
                fee=from_stripe(booked.fee, booked.currency),
            )
            for booked in dispute.balance_transactions
        ),
    )


def _reason(word: str) -> DisputeReason:
    try:
        return DisputeReason(word)
    except ValueError:
        return DisputeReason.OTHER
