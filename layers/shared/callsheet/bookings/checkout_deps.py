"""What use cases are given that price a booking or move its money."""

from dataclasses import dataclass

from callsheet.bookings.deps import BookingsDeps
from callsheet.gateways.disputes import DisputeGateway
from callsheet.gateways.payments import PaymentGateway
from callsheet.gateways.tax import TaxCalculator
from callsheet.gateways.transfers import TransferGateway


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotingDeps(BookingsDeps):
    """For use cases that say what something costs."""

    tax: TaxCalculator


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckoutDeps(QuotingDeps):
    """For use cases that move money."""

    payments: PaymentGateway
    transfers: TransferGateway
    disputes: DisputeGateway
