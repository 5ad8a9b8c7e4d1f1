"""What receiving webhooks is given: no call to Stripe is made."""

from dataclasses import dataclass

from callsheet.kernel.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentsDeps:
    clock: Clock
