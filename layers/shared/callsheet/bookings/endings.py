"""Why a consent has come to nothing, as its caller is told: what was consented to is cancelled by now."""

from callsheet.bookings.case import Case
from callsheet.bookings.errors import (
    AuthorizationExpired,
    EndedMeanwhile,
    PaymentFailedMeanwhile,
    RequestLapsed,
)
from callsheet.bookings.rules import BookingStatus, CancelReason
from callsheet.kernel.errors import CallsheetError


def why_it_ended(case: Case) -> CallsheetError:
    """Of a booking or an amendment that is cancelled.

    An amendment that ended with its booking says so, whatever became of its payment on the way. `expired` is two
    things: Stripe no longer held the money, or the client had not paid by the end of the time to answer.
    """
    if case.stored_parent is not None and case.parent.status is not BookingStatus.ACCEPTED:
        return EndedMeanwhile(
            "The booking that it was to amend has ended", extra={"booking_status": str(case.parent.status)}
        )
    reason = case.booking.cancellation.reason if case.booking.cancellation else None
    match reason:
        case CancelReason.PAYMENT_FAILED:
            return PaymentFailedMeanwhile()
        case CancelReason.EXPIRED if case.payment.authorized_at is not None:
            return AuthorizationExpired()
        case CancelReason.EXPIRED:
            return RequestLapsed()
        case _:
            return EndedMeanwhile(extra={"reason": str(reason)} if reason else {})
