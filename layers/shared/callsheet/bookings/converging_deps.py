"""What is given to whoever moves a booking and its payment to where Stripe says they are."""

from dataclasses import dataclass
from typing import Protocol

from callsheet.bookings.refunding_deps import Refunding, RefundingDeps
from callsheet.gateways.disputes import DisputeGateway


class Converging(Refunding, Protocol):
    """For whatever may be in flight, or have happened; whatever a checkout is given has these too."""

    @property
    def disputes(self) -> DisputeGateway: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ConvergingDeps(RefundingDeps):
    disputes: DisputeGateway
