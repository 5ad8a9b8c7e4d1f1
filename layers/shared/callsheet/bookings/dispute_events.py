"""What a booking tells the rest of the disputes of its payment."""

from typing import Annotated

from pydantic import AwareDatetime, Field

from callsheet.bookings.events import BookingEvent
from callsheet.gateways.disputes import DisputeReason
from callsheet.kernel.money import Money

type DisputeRef = Annotated[str, Field(pattern=r"^[a-z]+_[0-9A-Za-z]+$", max_length=80)]  # Stripe's own


class DisputeEvent(BookingEvent):
    """`dispute_id` is the payment provider's; `amount` what the cardholder's bank wants back."""

    dispute_id: DisputeRef
    amount: Money


class DisputeOpened(DisputeEvent):
    """The bank has taken the money until it decides."""

    name = "dispute.opened"

    reason: DisputeReason
    evidence_due_at: AwareDatetime | None


class DisputeEvidenceDue(DisputeEvent):
    """Nobody has answered the bank, which waits for a day at most."""

    name = "dispute.evidence_due"

    evidence_due_at: AwareDatetime


class DisputeEvidencePrepared(DisputeEvent):
    """Staff has answered: what the bank is to get is kept, and on its way."""

    name = "dispute.evidence_prepared"


class DisputeEvidenceSubmitted(DisputeEvent):
    """The bank has it."""

    name = "dispute.evidence_submitted"


class DisputeWon(DisputeEvent):
    """The money has come back."""

    name = "dispute.won"


class DisputeLost(DisputeEvent):
    """The money is gone: `from_provider` of it is the provider's part, owed by them from now on."""

    name = "dispute.lost"

    from_provider: Money
