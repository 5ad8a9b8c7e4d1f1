"""What the use cases of transfers are given."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from callsheet.gateways.payouts import PayoutGateway
from callsheet.gateways.transfers import TransferGateway
from callsheet.kernel.clock import Clock
from callsheet.kernel.page import Cursors


@dataclass(frozen=True, slots=True, kw_only=True)
class TransfersDeps:
    """For use cases that do not speak to Stripe."""

    clock: Clock
    cursors: Callable[[], Cursors]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutDeps:
    """For use cases that look at, or ask for, payouts to banks."""

    clock: Clock
    payouts: PayoutGateway
