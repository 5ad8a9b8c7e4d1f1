"""Webhooks on their way: in order, repeated until they are taken, or disturbed as a test wants it.

Until it is started nothing is sent and no thread runs: deliveries wait to be taken by hand.
"""

import random
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from http.client import HTTPException
from threading import Condition, Thread

# Vendors try for days; here the first tries are quick and the last, after some minutes, is the end.
_FIRST_WAIT_SECONDS, _LONGEST_WAIT_SECONDS, _ATTEMPTS = 0.25, 60.0, 14
_TIMEOUT_SECONDS = 20
# Webhooks stay on this machine, whatever proxy its user has.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Mode(StrEnum):
    NORMAL = "normal"
    HOLD = "hold"
    DROP = "drop"


@dataclass(slots=True)
class _Attempt[D]:
    delivery: D
    number: int = 0
    due: float = 0.0  # by the monotonic clock


class Outbox[D]:
    """`send` answers whether a delivery was taken; else it is tried again."""

    def __init__(self, send: Callable[[D], bool]) -> None:
        self._send = send
        self._waiting: list[_Attempt[D]] = []
        self._held: list[D] = []
        self._change = Condition()
        self._worker: Thread | None = None
        self._is_closed = False
        self._is_sending = False
        self.mode, self.duplicate, self.is_shuffled = Mode.NORMAL, 0, False

    def disturb(
        self, *, mode: str | None = None, duplicate: int | None = None, shuffle: bool | None = None
    ) -> None:
        """Change what is given; `duplicate` is how many further times each event is sent. What is held stays held."""
        with self._change:
            self.mode = self.mode if mode is None else Mode(mode)
            self.duplicate = self.duplicate if duplicate is None else duplicate
            self.is_shuffled = self.is_shuffled if shuffle is None else shuffle
            self._change.notify_all()

    def offer(self, delivery: D) -> None:
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

    def take(self) -> list[D]:
        """What waits to be sent, for those who deliver by hand; it is gone from here."""
        with self._change:
            taken, self._waiting = self._waiting, []
            return [attempt.delivery for attempt in taken]

    @property
    def has_worker(self) -> bool:
        return self._worker is not None

    def state(self) -> dict[str, str | int | bool | None]:
        with self._change:
            return {
                "mode": str(self.mode),
                "duplicate": self.duplicate,
                "shuffle": self.is_shuffled,
                "held": len(self._held),
                "waiting": len(self._waiting) + self._is_sending,
            }

    def clear(self) -> None:
        """Forget what was to be sent and how it was disturbed."""
        with self._change:
            self._waiting, self._held = [], []
            self.mode, self.duplicate, self.is_shuffled = Mode.NORMAL, 0, False

    def start(self) -> None:
        """Send from now on what is offered, and what waits."""
        if self._worker is None:
            self._worker = Thread(target=self._run, name="webhooks", daemon=True)
            self._worker.start()

    def close(self) -> None:
        """End the worker; what waits is lost."""
        with self._change:
            self._is_closed = True
            self._change.notify_all()
        if self._worker is not None:
            self._worker.join(timeout=5)

    def _put(self, deliveries: Sequence[D]) -> None:
        copies = [delivery for delivery in deliveries for _ in range(1 + self.duplicate)]
        self._waiting += [_Attempt(delivery) for delivery in copies]
        if self.is_shuffled:
            random.shuffle(self._waiting)
        self._change.notify_all()

    def _run(self) -> None:
        while (attempt := self._next()) is not None:
            is_taken = self._send(attempt.delivery)
            with self._change:
                self._is_sending = False
                if not is_taken and attempt.number + 1 < _ATTEMPTS:
                    wait = min(_FIRST_WAIT_SECONDS * 2**attempt.number, _LONGEST_WAIT_SECONDS)
                    again = _Attempt(attempt.delivery, attempt.number + 1, time.monotonic() + wait)
                    self._waiting.append(again)

    def _next(self) -> _Attempt[D] | None:
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


def is_taken(status: Callable[[], int]) -> bool:
    """Whether a receiver answered 2xx; nobody there, no address and no HTTP count as no."""
    try:
        return 200 <= status() < 300
    except (OSError, ValueError, HTTPException):
        return False


def posted(url: str, payload: bytes, headers: Mapping[str, str], method: str = "POST") -> int:
    """The status a receiver answered. Raises OSError, ValueError or HTTPException where none came."""
    request = urllib.request.Request(url, payload if method == "POST" else None, dict(headers), method=method)
    try:
        with _OPENER.open(request, timeout=_TIMEOUT_SECONDS) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code
