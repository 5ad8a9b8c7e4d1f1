"""What a booking tells the rest; its payment and disputes are part of it, so that one timeline holds all of them."""

from typing import ClassVar

from pydantic import AwareDatetime

from callsheet.bookings.rules import CancelReason
from callsheet.kernel.events import BookingRef, EventPayload, ProfileRef, UserRef
from callsheet.kernel.money import Money


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
    """`refund` is what goes back of captured money; None where none was captured.

    A provider never heard of a request that was not authorised; None where that was not written down yet.
    """

    name = "booking.cancelled"

    reason: CancelReason
    refund: Money | None
    was_authorized: bool | None = None
