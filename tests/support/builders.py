"""Bookings and payments that read: `a_booking().accepted().starting(in_hours=30)`."""

from datetime import UTC, datetime, timedelta
from typing import Self

from callsheet.bookings.cancellation import POLICIES
from callsheet.bookings.model import Booking
from callsheet.bookings.pricing import price_direct_offer
from callsheet.bookings.rules import BookingStatus
from callsheet.bookings.tax import FixedRateTax
from callsheet.gateways.declines import DeclineReason
from callsheet.gateways.payments import Intent, IntentStatus
from callsheet.kernel.ids import new_id
from callsheet.kernel.money import Money
from callsheet.payments.model import Ask, InFlight, Payment, PaymentStatus

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


class BookingBuilder:
    """A pending direct offer of 100 USD for two hours in three days, unless told otherwise."""

    def __init__(self) -> None:
        self._fields: dict[str, object] = {
            "id": new_id("bkg"),
            "client_id": new_id("usr"),
            "provider_id": new_id("usr"),
            "profile_id": new_id("prf"),
            "starts_at": NOW + timedelta(days=3),
            "ends_at": NOW + timedelta(days=3, hours=2),
            "price": price_direct_offer(Money.whole(100, "USD"), "Portraits", "US-OR", FixedRateTax()),
            "policy": POLICIES["default"],
            "answer_hours": 24,
            "acceptance_hours": 48,
            "created_at": NOW,
            "hold_until": NOW + timedelta(minutes=30),
        }

    def starting(self, *, in_hours: float) -> Self:
        starts_at = NOW + timedelta(hours=in_hours)
        return self._with(starts_at=starts_at, ends_at=starts_at + timedelta(hours=2))

    def remote(self) -> Self:
        return self._with(starts_at=None, ends_at=None)

    def accepted(self) -> Self:
        return self._with(status=BookingStatus.ACCEPTED, accepted_at=NOW)

    def cancelled(self) -> Self:
        return self._with(status=BookingStatus.CANCELLED)

    def build(self) -> Booking:
        return Booking.model_validate(self._fields)

    def _with(self, **fields: object) -> Self:
        self._fields |= fields
        return self


def a_booking() -> BookingBuilder:
    return BookingBuilder()


def a_payment(
    status: PaymentStatus = PaymentStatus.REQUIRES_PAYMENT,
    asking: Ask | None = None,
    payment_method: str | None = None,
) -> Payment:
    """The payment of some booking; `asking` is what is in flight."""
    return Payment(
        id=new_id("pmt"),
        subject=new_id("bkg"),
        client_id=new_id("usr"),
        amount=Money.whole(100, "USD"),
        description="Booking",
        status=status,
        in_flight=InFlight(ask=asking, since=NOW) if asking else None,
        payment_method=payment_method,
    )


def an_intent(
    status: IntentStatus, declined: DeclineReason | None = None, *, is_disputed: bool = False
) -> Intent:
    return Intent(
        id="pi_1",
        status=status,
        amount=Money.whole(100, "USD"),
        decline_reason=declined,
        is_disputed=is_disputed,
    )
