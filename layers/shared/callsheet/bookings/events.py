"""What a booking tells the rest. Its payment is part of it, so that one timeline holds both."""

from typing import Annotated, ClassVar

from pydantic import AwareDatetime, Field

from callsheet.bookings.rules import CancelReason
from callsheet.gateways.declines import DeclineReason
from callsheet.gateways.disputes import DisputeReason
from callsheet.kernel.events import BookingRef, EventPayload, ProfileRef, UserRef
from callsheet.kernel.ids import id_pattern
from callsheet.kernel.money import Money

type PaymentRef = Annotated[str, Field(pattern=id_pattern("pmt"))]
type DisputeRef = Annotated[str, Field(pattern=r"^[a-z]+_[0-9A-Za-z]+$", max_length=80)]  # Stripe's own
type RefundRef = Annotated[str, Field(pattern=id_pattern("rfd"))]


class BookingEvent(EventPayload):
    """Whom it concerns; readers need not ask back."""

    aggregate_type: ClassVar[str] = "booking"

    booking_id: BookingRef
    client_id: UserRef
    provider_id: UserRef
    profile_id: ProfileRef

    def aggregate_id(self) -> str:
        return self.booking_id


class BookingRequested(BookingEvent):
    name = "booking.requested"

    starts_at: AwareDatetime | None
    ends_at: AwareDatetime | None
    total: Money


class BookingAccepted(BookingEvent):
    name = "booking.accepted"

    starts_at: AwareDatetime | None
    ends_at: AwareDatetime | None


class BookingStarted(BookingEvent):
    name = "booking.started"


class BookingEnded(BookingEvent):
    """`acceptance_until`: silence until then accepts the work."""

    name = "booking.ended"

    acceptance_until: AwareDatetime


class ProblemReported(BookingEvent):
    name = "booking.problem_reported"


class BookingCompleted(BookingEvent):
    """`provider_net` is due to the provider from now on."""

    name = "booking.completed"

    provider_net: Money


class BookingCancelled(BookingEvent):
    """`refund` is what goes back of captured money; None where none was captured."""

    name = "booking.cancelled"

    reason: CancelReason
    refund: Money | None


class PaymentEvent(BookingEvent):
    payment_id: PaymentRef
    amount: Money


class PaymentAuthorized(PaymentEvent):
    name = "payment.authorized"


class PaymentFailed(PaymentEvent):
    name = "payment.failed"

    reason: DeclineReason


class PaymentCaptured(PaymentEvent):
    name = "payment.captured"


class PaymentVoided(PaymentEvent):
    name = "payment.voided"


class PaymentRefunded(PaymentEvent):
    """`amount` went back to the client."""

    name = "payment.refunded"

    refund_id: RefundRef


class PaymentDisputed(PaymentEvent):
    name = "payment.disputed"


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
