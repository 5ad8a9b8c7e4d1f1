"""Webhooks on their way: in order, repeated until they are taken, or disturbed as a test wants it.

Without a destination nothing is sent and no thread runs: deliveries wait to be taken by hand.
"""

import random
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from http.client import HTTPException
from threading import Condition, Thread

from local.stripe_sim.events import Delivery

# Stripe tries for three days; here the first tries are quick and the last, after some minutes, is the end.
_FIRST_WAIT_SECONDS, _LONGEST_WAIT_SECONDS, _ATTEMPTS = 0.25, 60.0, 14
_TIMEOUT_SECONDS = 20
# Webhooks stay on this machine, whatever proxy its user has.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))

type Deliver = Callable[[bytes, Mapping[str, str]], int]


class Mode(StrEnum):
    NORMAL = "normal"
    HOLD = "hold"
    DROP = "drop"


@dataclass(slots=True)
class _Attempt:
    delivery: Delivery
    number: int = 0
    due: float = 0.0  # by the monotonic clock


class Outbox:
    """`deliver` sends bytes and headers and answers an HTTP status; a URL is posted to."""

    def __init__(
        self, secret: str, now: Callable[[], datetime], url: str | None, deliver: Deliver | None
    ) -> None:
        self._secret, self._now, self._deliver = secret, now, deliver
        self._waiting: list[_Attempt] = []
        self._held: list[Delivery] = []
        self._change = Condition()
        self._worker: Thread | None = None
        self._is_closed = False
        self._is_sending = False
        self.url, self.mode, self.duplicate, self.is_shuffled = url, Mode.NORMAL, 0, False
        self._work()

    def set(
        self,
        *,
        mode: str | None = None,
        duplicate: int | None = None,
        shuffle: bool | None = None,
        url: str | None = None,
    ) -> None:
        """Change what is given; `duplicate` is how many further times each event is sent. What is held stays held."""
        with self._change:
            self.mode = self.mode if mode is None else Mode(mode)
            self.duplicate = self.duplicate if duplicate is None else duplicate
            self.is_shuffled = self.is_shuffled if shuffle is None else shuffle
            self.url = self.url if url is None else url
            self._change.notify_all()
        self._work()

    def offer(self, delivery: Delivery) -> None:
        """An event happened."""
        with self._change:
            match self.mode:
                case Mode.NORMAL:
                    self._put([delivery])
                case Mode.HOLD:
                    self._held.append(delivery)
                case Mode.DROP:
                    pass

    def flush(self) -> int:
        """Let go what is held. Answers how many events that were."""
        with self._change:
            held, self._held = self._held, []
            self._put(held)
            return len(held)

    def take(self) -> list[Delivery]:
        """What waits to be sent, for those who deliver by hand; it is gone from here."""
        with self._change:
            taken, self._waiting = self._waiting, []
            return [attempt.delivery for attempt in taken]

    def headers(self, delivery: Delivery) -> dict[str, str]:
        return delivery.headers(self._secret, int(self._now().timestamp()))

    @property
    def has_worker(self) -> bool:
        return self._worker is not None

    def state(self) -> dict[str, str | int | bool | None]:
        with self._change:
            return {
                "mode": str(self.mode),
                "duplicate": self.duplicate,
                "shuffle": self.is_shuffled,
                "url": self.url,
                "held": len(self._held),
                "waiting": len(self._waiting) + self._is_sending,
            }

    def clear(self) -> None:
        """Forget everything but the destination."""
        with self._change:
            self._waiting, self._held = [], []
            self.mode, self.duplicate, self.is_shuffled = Mode.NORMAL, 0, False

    def close(self) -> None:
        """End the worker; what waits is lost."""
        with self._change:
            self._is_closed = True
            self._change.notify_all()
        if self._worker is not None:
            self._worker.join(timeout=5)

    def _put(self, deliveries: Sequence[Delivery]) -> None:
        copies = [delivery for delivery in deliveries for _ in range(1 + self.duplicate)]
        self._waiting += [_Attempt(delivery) for delivery in copies]
        if self.is_shuffled:
            random.shuffle(self._waiting)
        self._change.notify_all()

    def _work(self) -> None:
        """Start the worker once there is a destination."""
        if self._worker is None and (self.url is not None or self._deliver is not None):
            self._worker = Thread(target=self._run, name="stripe-webhooks", daemon=True)
            self._worker.start()

    def _run(self) -> None:
        while (attempt := self._next()) is not None:
            is_taken = self._send(attempt.delivery)
            with self._change:
                self._is_sending = False
                if not is_taken and attempt.number + 1 < _ATTEMPTS:
                    wait = min(_FIRST_WAIT_SECONDS * 2**attempt.number, _LONGEST_WAIT_SECONDS)
                    again = _Attempt(attempt.delivery, attempt.number + 1, time.monotonic() + wait)
                    self._waiting.append(again)

    def _next(self) -> _Attempt | None:
        """The first that is due; waits for one, and answers None once closed."""
        with self._change:
            while not self._is_closed:
                now = time.monotonic()
                due = next((attempt for attempt in self._waiting if attempt.due <= now), None)
                if due is not None:
                    self._waiting.remove(due)
                    self._is_sending = True
                    return due
                waits = [attempt.due - now for attempt in self._waiting]
                self._change.wait(min(waits) if waits else None)
            return None

    def _send(self, delivery: Delivery) -> bool:
        headers = self.headers(delivery)
        try:
            if self._deliver is not None:
                status = self._deliver(delivery.payload, headers)
            else:
                status = _post(str(self.url), delivery.payload, headers)
        except (OSError, ValueError, HTTPException):  # nobody there, no address, or no HTTP
            return False
        return 200 <= status < 300


def _post(url: str, payload: bytes, headers: Mapping[str, str]) -> int:
    request = urllib.request.Request(url, payload, dict(headers), method="POST")
    try:
        with _OPENER.open(request, timeout=_TIMEOUT_SECONDS) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code
