"""What a booking tells of its amendments; it is the booking's own timeline that holds them."""

from callsheet.bookings.amends import AmendmentKind
from callsheet.bookings.events import BookingEvent
from callsheet.bookings.rules import CancelReason, Party
from callsheet.kernel.events import BookingRef
from callsheet.kernel.money import Money


class AmendmentEvent(BookingEvent):
    """`booking_id` is amended; `amendment_id` is a booking of its own, whose payment `payment.captured` tells of."""

    amendment_id: BookingRef
    kind: AmendmentKind
    proposed_by: Party
    total: Money


class AmendmentProposed(AmendmentEvent):
    name = "amendment.proposed"


class AmendmentAccepted(AmendmentEvent):
    """Both sides have agreed, and the client has paid."""

    name = "amendment.accepted"


class AmendmentCompleted(AmendmentEvent):
    """Its booking was completed: `provider_net` is due to the provider from now on."""

    name = "amendment.completed"

    provider_net: Money


class AmendmentCancelled(AmendmentEvent):
    """`refund` is what goes back of captured money; None where none was captured. `was_authorized` as of a booking."""

    name = "amendment.cancelled"

    reason: CancelReason
    refund: Money | None
    was_authorized: bool | None = None
