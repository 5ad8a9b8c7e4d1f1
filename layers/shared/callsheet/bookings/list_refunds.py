"""What support has given back, or proposed to, of one booking."""

from callsheet.bookings.goodwill import has_lapsed
from callsheet.bookings.refunds import Refund, Refunds, refunds_of
from callsheet.bookings.states import RefundStatus
from callsheet.kernel.clock import Clock


def list_refunds(booking_id: str, clock: Clock) -> Refunds:
    """One query. A proposal nobody has decided on for seven days reads as lapsed."""
    now = clock.now()

    def shown(refund: Refund) -> Refund:
        is_over = refund.status is RefundStatus.PROPOSED and has_lapsed(refund.proposed_at, now)
        return refund.model_copy(update={"status": RefundStatus.LAPSED}) if is_over else refund

    return Refunds(items=tuple(map(shown, refunds_of(booking_id))))
