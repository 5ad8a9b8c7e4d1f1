"""What is given to whoever looks at, or asks for, payouts to banks."""

from dataclasses import dataclass

from callsheet.gateways.payouts import PayoutGateway
from callsheet.kernel.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutDeps:
    """For use cases that look at, or ask for, payouts to banks."""

    clock: Clock
    payouts: PayoutGateway
