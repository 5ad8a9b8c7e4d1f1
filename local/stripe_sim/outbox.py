"""Stripe's webhooks on their way to the one endpoint there is.

Without a destination nothing is sent and no thread runs: deliveries wait to be taken by hand.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial

from local.simulating import outbox
from local.simulating.outbox import is_taken, posted
from local.stripe_sim.events import Delivery

type Deliver = Callable[[bytes, Mapping[str, str]], int]


class Outbox(outbox.Outbox[Delivery]):
    """`deliver` sends bytes and headers and answers an HTTP status; a URL is posted to."""

    def __init__(
        self, secret: str, now: Callable[[], datetime], url: str | None, deliver: Deliver | None
    ) -> None:
        super().__init__(self._taken)
        self._secret, self._now, self._deliver, self.url = secret, now, deliver, url
        self._work()

    def set(
        self,
        *,
        mode: str | None = None,
        duplicate: int | None = None,
        shuffle: bool | None = None,
        url: str | None = None,
    ) -> None:
        """Change what is given, as `disturb` does."""
        self.disturb(mode=mode, duplicate=duplicate, shuffle=shuffle)
        self.url = self.url if url is None else url
        self._work()

    def headers(self, delivery: Delivery) -> dict[str, str]:
        return delivery.headers(self._secret, int(self._now().timestamp()))

    def state(self) -> dict[str, str | int | bool | None]:
        return super().state() | {"url": self.url}

    def _work(self) -> None:
        """Start sending once there is a destination."""
        if self.url is not None or self._deliver is not None:
            self.start()

    def _taken(self, delivery: Delivery) -> bool:
        deliver = self._deliver or partial(posted, str(self.url))
        return is_taken(lambda: deliver(delivery.payload, self.headers(delivery)))
