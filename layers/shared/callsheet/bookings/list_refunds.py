"""What support has given back, or proposed to, of one booking."""

from callsheet.bookings.goodwill import has_lapsed
from callsheet.bookings.refunds import Refund, Refunds, RefundView, refunds_of
from callsheet.bookings.states import RefundStatus
from callsheet.kernel.clock import Clock
from callsheet.payments.for_booking import payment_from, payment_key
from callsheet.payments.model import MadeRefund
from callsheet.platform.read import get_together


def list_refunds(booking_id: str, clock: Clock) -> Refunds:
    """One query and one read. A proposal nobody has decided on for seven days reads as lapsed; what became of a refund
    at the client's bank stands on the payment.
    """
    now, made = clock.now(), _made(booking_id)

    def shown(refund: Refund) -> RefundView:
        is_over = refund.status is RefundStatus.PROPOSED and has_lapsed(refund.proposed_at, now)
        at_bank = made.get(refund.id)
        return RefundView(
            **dict(refund.model_copy(update={"status": RefundStatus.LAPSED}) if is_over else refund),
            given=at_bank.split.total if at_bank else None,
            as_credit=at_bank.to_wallet if at_bank else None,
            failed_at=at_bank.failed_at if at_bank else None,
            failure=at_bank.failure if at_bank else None,
        )

    return Refunds(items=tuple(map(shown, refunds_of(booking_id))))


def _made(booking_id: str) -> dict[str, MadeRefund]:
    (item,) = get_together([payment_key(booking_id)])
    stored = payment_from(item)
    return {one.id: one for one in stored.document.refunds} if stored else {}
