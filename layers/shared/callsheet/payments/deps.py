"""What the use cases of payments are given."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from callsheet.gateways.payments import PaymentGateway
from callsheet.gateways.tax import TaxGateway
from callsheet.kernel.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentsDeps:
    """For receiving webhooks: no call to Stripe is made."""

    clock: Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxDeps:
    """For reporting taxes. `gateway` is called where there is something to report, which a table's taxes never are."""

    clock: Clock
    gateway: Callable[[], TaxGateway]


class GatewayDeps(Protocol):
    """For applying them: whatever a checkout is given has these."""

    @property
    def clock(self) -> Clock: ...

    @property
    def payments(self) -> PaymentGateway: ...
