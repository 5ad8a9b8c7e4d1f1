"""A laptop cloud of the tests' own: free ports, a state directory of its own, gone when the tests are."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from local import clock, cloud, processes, users
from local.api import Api
from local.guard import guarded
from local.place import ROOT, Place, discard
from local.simulator import Simulator
from local.stack import DemoUser, Stack, read_stack

_UP_SECONDS = 420
_LAUNCHER = "launcher"  # has a record like the processes it starts: the guard must find it


@dataclass(frozen=True, slots=True)
class Cloud:
    """A running cloud as a test sees it."""

    place: Place
    stack: Stack
    api: Api

    @property
    def api_url(self) -> str:
        return self.stack.api_url

    @property
    def stripe_url(self) -> str:
        return self.stack.stripe_url

    @property
    def stripe(self) -> Simulator:
        return Simulator(self.stack.stripe_url)

    @property
    def environment(self) -> dict[str, str]:
        """In which `python -m local` speaks to this cloud."""
        return _environment(self.place)

    def user(self, name: str) -> DemoUser:
        return self.stack.users[name]

    def token(self, name: str) -> str:
        """A fresh one each time."""
        return users.token(self.stack, name)

    def a_user(self, name: str, *roles: str) -> DemoUser:
        """Somebody new, by that name, whom the cloud has not seen; they sign in like the demo users."""
        return users.ensure_user(self.stack, name, roles)

    def advance(self, hours: float) -> int:
        """Move the clock; how many deadlines were due."""
        return clock.advance(self.place, self.stack, hours)

    def settle(self) -> None:
        """Wait until every queue is empty."""
        clock.settle(self.stack)


@contextmanager
def cloud_of_ones_own() -> Iterator[Cloud]:
    """Started by the launcher, ended by number; a guard ends it where this process is killed."""
    place = Place(ROOT / ".local/e2e" / str(os.getpid()))
    with guarded(place) as guard:
        guard.watch(_LAUNCHER)
        _up(place)
        for name in processes.names(place):
            guard.watch(name)
        stack = read_stack(place)
        with Api.of(stack) as api:
            yield Cloud(place, stack, api)
        cloud.down(place)


def forget(place: Place) -> None:
    """Remove what a cloud has left, logs and all."""
    discard(place.root)


def _up(place: Place) -> None:
    """Raises AssertionError with what the launcher said."""
    said = place.logs / "launcher.log"
    record = place.processes / f"{_LAUNCHER}.json"
    command = (sys.executable, "-m", "local", "up")
    with said.open("w") as log:
        ended = subprocess.run(
            (sys.executable, "-m", "local.started", str(record), "", "0", str(ROOT), *command),
            cwd=ROOT,
            env=_environment(place),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            timeout=_UP_SECONDS,
            check=False,
            start_new_session=True,
        )
    assert ended.returncode == 0, f"The laptop cloud did not start:\n{said.read_text()}"


def _environment(place: Place) -> dict[str, str]:
    """Ours, without a Stripe account of one's own."""
    ours = {
        name: value for name, value in os.environ.items() if name not in {"STRIPE_API_KEY", "TYPESENSE_URL"}
    }
    return {
        **ours,
        "AUTH": os.environ.get("AUTH", "true"),
        "CALLSHEET_LOCAL_DIR": str(place.root),
        "PYTHONPATH": f"{ROOT / 'layers/shared'}:{ROOT}",
    }
