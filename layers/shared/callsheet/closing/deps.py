"""What the daily close is given."""

from collections.abc import Callable
from dataclasses import dataclass

from callsheet.gateways.balance import BalanceGateway
from callsheet.kernel.clock import Clock
from callsheet.kernel.page import Cursors


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingDeps:
    """For use cases that do not speak to Stripe. `cursors` is called by lists alone."""

    clock: Clock
    cursors: Callable[[], Cursors]


@dataclass(frozen=True, slots=True, kw_only=True)
class BalancingDeps(ClosingDeps):
    """For those that hold the ledger against Stripe."""

    balance: BalanceGateway
