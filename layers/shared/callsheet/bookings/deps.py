"""What the booking's use cases are given."""

from collections.abc import Callable
from dataclasses import dataclass

from callsheet.gateways.disputes import DisputeGateway
from callsheet.gateways.payments import PaymentGateway
from callsheet.gateways.tax import TaxCalculator
from callsheet.gateways.transfers import TransferGateway
from callsheet.kernel.clock import Clock
from callsheet.kernel.page import Cursors


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingsDeps:
    """For use cases that do not speak to Stripe. `cursors` is called where a list is, since it needs a secret."""

    clock: Clock
    cursors: Callable[[], Cursors]


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
