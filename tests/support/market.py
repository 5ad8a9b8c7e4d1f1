"""The API in process with somebody to book and somebody who books, its Stripe simulated beneath the real SDK."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import stripe

from callsheet.kernel.clock import SystemClock
from tests.support.gateway import Answer, Caller, Gateway
from tests.support.stage import Provider, a_provider
from tests.support.stripe import SimulatedStripe


@dataclass(frozen=True, slots=True)
class Market:
    """The API, its Stripe, a provider and two clients."""

    api: Gateway
    stripe: SimulatedStripe
    provider: Provider
    pavel: Caller
    carla: Caller
    stranger: Caller

    def post(
        self, path: str, body: object = None, *, user: Caller | None = None, key: str | None = None
    ) -> Answer:
        headers = {"Idempotency-Key": key} if key else {}
        return self.api.call(
            "POST", path, body={} if body is None else body, user=user or self.carla, headers=headers
        )

    def asked(self, **changes: object) -> dict[str, object]:
        starts_at = datetime.now(UTC) + timedelta(days=3)
        body: dict[str, object] = {
            "provider_id": self.provider.user.id,
            "amount": 100,
            "payment_method": "pm_card_visa",
            "starts_at": starts_at.isoformat(),
            "ends_at": (starts_at + timedelta(hours=2)).isoformat(),
        }
        return {name: value for name, value in {**body, **changes}.items() if value is not None}

    def book(self, **changes: object) -> dict[str, object]:
        answer = self.post("/v1/bookings", self.asked(**changes))
        assert answer.status == 201, answer.body
        return answer.json()

    def as_pavel(self, booking: dict[str, object], step: str) -> Answer:
        return self.post(f"/v1/bookings/{booking['id']}/{step}", user=self.pavel)


@contextmanager
def open_market() -> Iterator[Market]:
    """On the stage there is; handlers speak to a simulator of their own meanwhile."""
    provider = a_provider(SystemClock())
    pavel = Caller.named(provider.user.id, "provider")
    with_stripe = SimulatedStripe()
    before, stripe.default_http_client = stripe.default_http_client, with_stripe
    try:
        yield Market(
            Gateway(), with_stripe, provider, pavel, Caller(groups=("client",)), Caller(groups=("provider",))
        )
    finally:
        stripe.default_http_client = before
