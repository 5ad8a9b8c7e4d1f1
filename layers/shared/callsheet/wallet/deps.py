"""What the use cases of wallets are given."""

from collections.abc import Callable
from dataclasses import dataclass

from callsheet.kernel.clock import Clock
from callsheet.kernel.page import Cursors


@dataclass(frozen=True, slots=True, kw_only=True)
class WalletDeps:
    """No use case of wallets speaks to Stripe: credit is not Stripe's money."""

    clock: Clock
    cursors: Callable[[], Cursors]
