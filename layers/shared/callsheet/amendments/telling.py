"""What becomes of an amendment is told to who asked; a client is told of their card as an error."""

from callsheet.amendments.model import AmendmentView
from callsheet.amendments.views import amendment_view
from callsheet.bookings.case import Case
from callsheet.bookings.rules import Party
from callsheet.bookings.views import party_of
from callsheet.gateways.declines import DeclineReason
from callsheet.gateways.errors import InvalidPaymentMethod, PaymentDeclined
from callsheet.kernel.errors import CallsheetError, Detail
from callsheet.kernel.principal import Principal
from callsheet.payments.model import PaymentStatus


def told(case: Case, caller: Principal) -> AmendmentView:
    """The amendment as it is now. Raises PaymentDeclined or InvalidPaymentMethod to a client whose card was refused."""
    if refusal := _refusal(case, caller):
        raise refusal
    return amendment_view(case.booking, case.payment, caller)


def _refusal(case: Case, caller: Principal) -> CallsheetError | None:
    reason = case.payment.decline_reason
    is_refused = case.payment.status is PaymentStatus.FAILED and reason is not None
    if not is_refused or party_of(case.booking, caller) is not Party.CLIENT:
        return None
    extra: dict[str, Detail] = {"amendment_id": case.booking.id}
    if reason is DeclineReason.INVALID_PAYMENT_METHOD:
        return InvalidPaymentMethod(extra=extra)
    return PaymentDeclined(
        "The card was refused; the booking itself stays as it is", extra={**extra, "reason": str(reason)}
    )
