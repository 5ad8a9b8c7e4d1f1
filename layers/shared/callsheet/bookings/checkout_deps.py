"""What use cases are given that may have to do anything with a booking's money."""

from dataclasses import dataclass

from callsheet.bookings.quoting_deps import QuotingDeps
from callsheet.gateways.disputes import DisputeGateway
from callsheet.gateways.payments import PaymentGateway
from callsheet.gateways.transfers import TransferGateway


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckoutDeps(QuotingDeps):
    """Whoever needs less is given less where a function starts: see `charging_deps` and its neighbours."""

    payments: PaymentGateway
    transfers: TransferGateway
    disputes: DisputeGateway
