"""What a booking tells the rest of its payment."""

from typing import Annotated

from pydantic import Field

from callsheet.bookings.events import BookingEvent
from callsheet.bookings.rules import Party
from callsheet.gateways.declines import DeclineReason, RefundFailure
from callsheet.kernel.events import BookingRef
from callsheet.kernel.ids import id_pattern
from callsheet.kernel.money import Money

type PaymentRef = Annotated[str, Field(pattern=id_pattern("pmt"))]


type RefundRef = Annotated[str, Field(pattern=id_pattern("rfd"))]


class PaymentEvent(BookingEvent):
    payment_id: PaymentRef
    amount: Money


class PaymentAuthorized(PaymentEvent):
    """Of an amendment `amends` is the booking that it amends, and `proposed_by` whose idea it was."""

    name = "payment.authorized"

    amends: BookingRef | None = None
    proposed_by: Party | None = None


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


class PaymentRefundFailed(PaymentEvent):
    """`amount` did not reach the client's card: they have it as credit."""

    name = "payment.refund_failed"

    refund_id: RefundRef
    reason: RefundFailure


class PaymentDisputed(PaymentEvent):
    name = "payment.disputed"
