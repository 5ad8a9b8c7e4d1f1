"""POST /v1/admin/bookings/{booking_id}/refunds: support gives money back beyond the policy.

Above 500.00 a second person has to approve.
"""

from callsheet import wiring
from callsheet.bookings.errors import NothingToRefund, PaymentDisputed, RefundUnderWay
from callsheet.bookings.refund_booking import refund_booking
from callsheet.bookings.refunds import Refund, RefundBooking, RefundRequest
from callsheet.http.endpoint import endpoint
from callsheet.kernel.errors import NotFound
from callsheet.kernel.principal import Principal
from callsheet.transfers.take_back import TransferUnderWay

_DEPS = wiring.refunding()  # Stripe's SDK loads while the function starts


@endpoint(status=201, errors=(NotFound, NothingToRefund, RefundUnderWay, PaymentDisputed, TransferUnderWay))
def handler(booking_id: str, body: RefundRequest, caller: Principal) -> Refund:
    return refund_booking(RefundBooking.of(booking_id, body), caller, _DEPS)
