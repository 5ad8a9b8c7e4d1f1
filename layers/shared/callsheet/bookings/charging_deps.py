"""What use cases are given that ask Stripe for an intent."""

from dataclasses import dataclass
from typing import Protocol

from callsheet.gateways.payments import PaymentGateway
from callsheet.kernel.clock import Clock


class Charging(Protocol):
    """For authorising, capturing and voiding; whatever a checkout is given has these too."""

    @property
    def clock(self) -> Clock: ...

    @property
    def payments(self) -> PaymentGateway: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargingDeps:
    """For use cases that move an intent and nothing else."""

    clock: Clock
    payments: PaymentGateway
