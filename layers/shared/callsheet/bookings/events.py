"""What a booking tells the rest. Its payment is part of it, so that one timeline holds both."""

from typing import Annotated, ClassVar

from pydantic import AwareDatetime, Field

from callsheet.bookings.rules import CancelReason
from callsheet.gateways.declines import DeclineReason
from callsheet.kernel.events import BookingRef, EventPayload, ProfileRef, UserRef
from callsheet.kernel.ids import id_pattern
from callsheet.kernel.money import Money

type PaymentRef = Annotated[str, Field(pattern=id_pattern("pmt"))]
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
