"""What the payout accounts' use cases are given."""

from collections.abc import Callable
from dataclasses import dataclass

from callsheet.gateways.connect import ConnectGateway
from callsheet.kernel.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectDeps:
    """`app_origins`: where a person may be sent back to from Stripe's pages."""

    clock: Clock
    accounts: ConnectGateway
    app_origins: Callable[[], tuple[str, ...]]
