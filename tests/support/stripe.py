"""Stripe in process: the real SDK over the simulator's core, without sockets.

stripe = SimulatedStripe()
gateway = StripePayments(http_client=stripe)
stripe.fail("/v1/payment_intents", "timeout")
for payload, headers in stripe.deliveries():
    receive(payload, headers)
"""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from urllib.parse import urlencode, urlsplit

import stripe

from local.simulating.faults import Hang
from local.stripe_sim.shapes import Json, Obj
from local.stripe_sim.simulator import API_KEY, WEBHOOK_SECRET, Simulator
from tests.support.conformity import check_answer

type WebhookDelivery = tuple[bytes, dict[str, str]]


class SimulatedStripe(stripe.HTTPClient):
    """The SDK's way out, leading to a simulator. A broken connection is the SDK's own APIConnectionError.

    Whatever is answered is held against the SDK's own description of it.
    """

    name = "simulated"

    def __init__(
        self,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        *,
        api_key: str = API_KEY,
        webhook_secret: str = WEBHOOK_SECRET,
    ) -> None:
        super().__init__()
        self.api_key, self.webhook_secret = api_key, webhook_secret
        self.simulator = Simulator(now, api_key=api_key, webhook_secret=webhook_secret)

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: object = None,
        *,
        _usage: list[str] | None = None,
    ) -> tuple[str, int, Mapping[str, str]]:
        target = urlsplit(url)
        path = f"{target.path}?{target.query}" if target.query else target.path
        body = post_data if isinstance(post_data, bytes) else str(post_data or "").encode()
        try:
            status, more, answer = self.simulator.handle(method.upper(), path, headers or {}, body)
        except Hang as error:
            broken = stripe.APIConnectionError("The connection broke", should_retry=True)  # type: ignore[no-untyped-call]
            raise broken from error
        check_answer(json.loads(answer))
        return answer.decode(), status, {name.lower(): value for name, value in more.items()}

    def close(self) -> None:
        self.simulator.close()

    def _sleep_time_seconds(self, num_retries: int) -> float:
        """The SDK repeats at once: nothing in a test sleeps."""
        return 0.0

    def client(self, max_network_retries: int = 0) -> stripe.StripeClient:
        """The SDK over this simulator."""
        return stripe.StripeClient(self.api_key, http_client=self, max_network_retries=max_network_retries)

    @property
    def requests(self) -> list[Obj]:
        """Every request so far, oldest first, as `GET /_sim/requests` shows them."""
        return self.simulator.requests

    def calls(self) -> list[str]:
        """Every request so far as `POST /v1/customers`."""
        return [f"{request['method']} {request['path']}" for request in self.requests]

    def deliveries(self) -> list[WebhookDelivery]:
        """The webhooks since the last time: payload and signed headers, in order, to be handed over as one likes."""
        outbox = self.simulator.outbox
        return [(delivery.payload, outbox.headers(delivery)) for delivery in outbox.take()]

    def event_types(self) -> list[str]:
        """The types of the webhooks since the last time."""
        return [delivery.type for delivery in self.simulator.outbox.take()]

    def fail(self, path: str, kind: str, times: int = 1) -> None:
        """Break the next calls: `error`, `timeout` or `applied_then_timeout`."""
        self.simulator.faults.arm(path, kind, times, None)

    def advance(self, *, hours: float = 0, seconds: int = 0) -> None:
        """Move Stripe's clock alone; where `now` is a clock of the test, moving that is enough."""
        self.simulator.advance(seconds + int(hours * 3600))

    def authenticate(self, intent_id: str, outcome: str = "success") -> Json:
        """The customer finishes 3D Secure."""
        return self.control("POST", f"/_sim/payment_intents/{intent_id}/authenticate", {"outcome": outcome})

    def dispute(self, charge_id: str, reason: str = "fraudulent") -> Json:
        return self.control("POST", "/_sim/disputes", {"charge": charge_id, "reason": reason})

    def onboard(self, account_id: str) -> Json:
        """The account's owner fills in Stripe's form."""
        return self.control("POST", f"/_sim/accounts/{account_id}", {"onboard": True})

    def visit(self, url: str, form: Mapping[str, str] | None = None) -> tuple[int, str]:
        """Open one of Stripe's hosted pages, or submit it; answers the status, and where it leads."""
        body = b"" if form is None else urlencode(form).encode()
        method = "GET" if form is None else "POST"
        status, headers, _ = self.simulator.handle(method, urlsplit(url).path, {}, body)
        return status, headers.get("Location", "")

    def control(self, method: str, path: str, body: Obj | None = None) -> Json:
        """Ask the control plane."""
        status, _, answer = self.simulator.handle(method, path, {}, json.dumps(body or {}).encode())
        parsed: Json = json.loads(answer)
        assert status == 200, parsed
        return parsed
