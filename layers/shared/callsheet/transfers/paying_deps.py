"""What is given to whoever moves money to and from providers."""

from dataclasses import dataclass
from typing import Protocol

from callsheet.gateways.transfers import TransferGateway
from callsheet.kernel.clock import Clock


class Paying(Protocol):
    """For moving money to and from providers; whatever a checkout is given has these too."""

    @property
    def clock(self) -> Clock: ...

    @property
    def transfers(self) -> TransferGateway: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PayingDeps:
    """For use cases that move money to and from providers."""

    clock: Clock
    transfers: TransferGateway
