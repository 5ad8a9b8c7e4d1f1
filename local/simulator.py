"""The control plane of the Stripe simulator, as scripts use it (interfaces: `GET /_sim/requests` and the rest)."""

from dataclasses import dataclass

import httpx
from pydantic import BaseModel, ConfigDict, JsonValue, TypeAdapter


class SeenRequest(BaseModel):
    """One request that the simulator got."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    method: str
    path: str
    params: dict[str, JsonValue] = {}
    idempotency_key: str | None = None
    status: int | None = None
    response: JsonValue = None


class _Deliveries(BaseModel):
    waiting: int


_SEEN: TypeAdapter[list[SeenRequest]] = TypeAdapter(list[SeenRequest])
_HELD: TypeAdapter[list[JsonValue]] = TypeAdapter(list[JsonValue])


@dataclass(frozen=True, slots=True)
class Simulator:
    url: str

    def deliver_to(self, webhook_url: str) -> None:
        self.set_webhooks(url=webhook_url)

    def set_webhooks(self, **settings: JsonValue) -> None:
        """`mode`, `duplicate`, `shuffle`, `url`."""
        self._post("/_sim/webhooks", settings)

    def flush_webhooks(self) -> None:
        self._post("/_sim/webhooks/flush", {})

    def has_webhooks_under_way(self) -> bool:
        """Events that are being delivered; those on hold do not count."""
        answer = httpx.get(f"{self.url}/_sim/webhooks", timeout=10, trust_env=False).raise_for_status()
        return _Deliveries.model_validate_json(answer.content).waiting > 0

    def holds(self) -> bool:
        """Whether a call hangs (`POST /_sim/fail` with the kind `hang`)."""
        answer = httpx.get(f"{self.url}/_sim/held", timeout=10, trust_env=False).raise_for_status()
        return _HELD.validate_json(answer.content) != []

    def release(self) -> None:
        """Break off what hangs."""
        self._post("/_sim/release", {})

    def requests(self) -> list[SeenRequest]:
        """All of them, oldest first."""
        answer = httpx.get(f"{self.url}/_sim/requests", timeout=10, trust_env=False).raise_for_status()
        return _SEEN.validate_json(answer.content)

    def _post(self, path: str, body: dict[str, JsonValue]) -> None:
        httpx.post(f"{self.url}{path}", json=body, timeout=30, trust_env=False).raise_for_status()
