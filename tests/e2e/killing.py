"""A worker process that is killed at a chosen step: stopped there first, so that it is the step and no other."""

import os
import secrets
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime

import httpx

from local import lambdas
from local.programs import ministack
from tests.e2e.market import Market, Person, Stripe, eventually
from tests.e2e.relay import Relay, relayed

TRANSACTION = "transaction"
_REACHED_SECONDS, _LOOK_SECONDS = 30, 0.02


@dataclass(slots=True)
class Scene:
    """One booking about to be acted on. Everybody but the provider is in one scene alone."""

    market: Market
    client: Person
    provider: Person
    starts_at: datetime
    booking_id: str = ""
    key: str = field(default_factory=lambda: secrets.token_hex(8))

    event_id: str = ""  # of Stripe's
    event: bytes = b""

    @property
    def path(self) -> str:
        return f"/v1/bookings/{self.booking_id}"

    @property
    def names(self) -> list[str]:
        """What its transactions mention, and no others."""
        return [name for name in (self.booking_id, self.client.id, self.event_id) if name]

    def intent_id(self) -> str:
        return str(Stripe(self.market.cloud).intent_of(self.booking_id)["id"])


type Call = Callable[[Scene], httpx.Response | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something that one function does. `steps` are all that have an effect outside of its process, in their order.

    A step at Stripe is its method and path, `{intent}` within standing for the booking's; `undone` and `done` are the
    states of booking and payment. Without `call` nobody waits for an answer.
    """

    name: str
    function: str
    steps: tuple[str, ...]
    arrange: Callable[[Scene], None]
    call: Call
    undone: tuple[str, str]
    done: tuple[str, str]
    recorded_at: int | None = None

    @property
    def recorded(self) -> "Point":
        """Where `done` stands in the store: after the last step, or that of the number `recorded_at`."""
        return Point(len(self.steps) - 1 if self.recorded_at is None else self.recorded_at, after=True)

    @property
    def asked(self) -> "Point":
        """Where Stripe has done its part."""
        return Point(max(at for at, step in enumerate(self.steps) if step != TRANSACTION), after=True)


@dataclass(frozen=True, slots=True, order=True)
class Point:
    """Where a process dies: at the step of that number, before or after it has had its effect."""

    at: int
    after: bool

    @property
    def has_begun(self) -> bool:
        """Something was written down by then."""
        return self.at > 0 or self.after


def points(act: Act) -> list[Point]:
    return [Point(at, after) for at in range(len(act.steps)) for after in (False, True)]


@dataclass(frozen=True, slots=True)
class Killer:
    """Acts through a function whose workers it can stop and kill."""

    market: Market
    act: Act
    relay: Relay

    def undisturbed(self, scene: Scene) -> Sequence[str]:
        """Act; what the steps were, those at Stripe after the transactions."""
        control = self.market.cloud.stripe
        known = len(control.requests())
        self.relay.watch(scene.names)
        self.act.call(scene)
        self._until(lambda: self.relay.seen >= self.act.steps.count(TRANSACTION))
        asked = [f"{request.method} {request.path}" for request in control.requests()[known:]]
        return [TRANSACTION] * self.relay.seen + asked

    def expected(self, scene: Scene) -> Sequence[str]:
        """What `undisturbed` should have seen."""
        named = [self._step(at, scene) for at in range(len(self.act.steps))]
        return sorted(named, key=lambda step: step != TRANSACTION)

    def kill_at(self, point: Point, scene: Scene) -> httpx.Response | None:
        """Act, and die on the way; what the gateway makes of it. Stripe and AWS answer to nobody, then again."""
        self._arm(point, scene)
        with ThreadPoolExecutor(1) as threads:
            answer = threads.submit(self.act.call, scene)
            try:
                self._until(self._is_stopped)
                assert kill(self.market, self.act.function)
            finally:
                self.market.cloud.stripe.release()
                self.relay.let_go()
            return answer.result()

    def _arm(self, point: Point, scene: Scene) -> None:
        step = self._step(point.at, scene)
        if step == TRANSACTION:
            self.relay.watch(scene.names, self.act.steps[: point.at].count(TRANSACTION), after=point.after)
            return
        method, _, path = step.partition(" ")
        self.relay.watch()
        Stripe(self.market.cloud).fail(path, "applied_then_hang" if point.after else "hang", 1, method)

    def _step(self, at: int, scene: Scene) -> str:
        step = self.act.steps[at]
        return step.replace("{intent}", scene.intent_id()) if "{intent}" in step else step

    def _is_stopped(self) -> bool:
        return self.relay.has_stopped() or self.market.cloud.stripe.holds()

    def _until(self, is_so: Callable[[], bool]) -> None:
        eventually(is_so, bool, within_seconds=_REACHED_SECONDS, every_seconds=_LOOK_SECONDS)


@contextmanager
def killer(market: Market, act: Act) -> Iterator[Killer]:
    with relayed(market.cloud, act.function) as relay:
        yield Killer(market, act, relay)


def kill(market: Market, function: str) -> int:
    """Kill every process that runs the function, at once and without a word; how many there were.

    Others of the same function wait for work meanwhile, and are started anew when there is some.
    """
    found = ministack.workers(market.cloud.place, lambdas.function_name(function))
    for pid in found:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return len(found)
