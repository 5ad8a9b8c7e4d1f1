"""The processes of a cloud: started detached, found again, stopped by their number, and never anybody else's."""

import atexit
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

import httpx

from local.identity import identity
from local.place import ROOT, Place

_GRACE_SECONDS = 8
_KILLED_SECONDS = 5
_CHILDREN: dict[int, subprocess.Popen[bytes]] = {}  # of this process: they want to be waited for
_PASSED_ON = ("HOME", "LANG", "LC_ALL", "PATH", "TZ")


class NotHealthy(RuntimeError):
    """A process ended, or did not answer in time; the message ends with what it said last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What is to run. `version` changes where the same command means other code; paths of health start with `/`."""

    name: str
    command: tuple[str, ...]
    port: int
    environment: Mapping[str, str] = field(default_factory=dict)
    health_path: str = "/health"
    version: str = ""
    start_seconds: float = 60

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def fingerprint(self) -> str:
        told = json.dumps([self.command, sorted(self.environment.items()), self.version])
        return hashlib.sha256(told.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Running:
    """A process that lives. `identity` tells it from a later one of the same number."""

    pid: int
    identity: str
    fingerprint: str
    port: int


def find(place: Place, name: str) -> Running | None:
    """The process of that name, where it still lives."""
    try:
        running = Running(**json.loads((place.processes / f"{name}.json").read_text()))
    except FileNotFoundError:
        return None
    return running if identity(running.pid) == running.identity else None


def start(program: Program, place: Place) -> Running:
    """Start detached from this terminal and wait until it is healthy. Raises NotHealthy, having stopped it again."""
    place.make()
    record = place.processes / f"{program.name}.json"
    record.unlink(missing_ok=True)
    starter = (sys.executable, "-m", "local.started", str(record), program.fingerprint, str(program.port))
    passed_on = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    with (place.logs / f"{program.name}.log").open("ab") as log:
        child = subprocess.Popen(
            (*starter, str(place.scratch), *program.command),
            cwd=ROOT,
            env={**passed_on, "PYTHONUNBUFFERED": "1", **program.environment},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    _CHILDREN[child.pid] = child
    try:
        _wait_until_healthy(program, child, place)
    except BaseException:
        stop(place, program.name)
        raise
    running = find(place, program.name)
    if running is None:
        raise NotHealthy(f"{program.name} ended as soon as it was well: {last_words(place, program.name)}")
    return running


def stop(place: Place, name: str) -> bool:
    """End the process and its children, at first kindly; whether there was one."""
    running = find(place, name)
    if running is not None:
        _signal(running.pid, signal.SIGTERM)
        if not _gone(running, _GRACE_SECONDS):
            _signal(running.pid, signal.SIGKILL)
            _gone(running, _KILLED_SECONDS)
        # The group's number stays its own while a member lives: Lambda workers that did not listen.
        _signal(running.pid, signal.SIGKILL)
    (place.processes / f"{name}.json").unlink(missing_ok=True)
    return running is not None


def names(place: Place) -> list[str]:
    """Of each process there is a record of."""
    return sorted(path.stem for path in place.processes.glob("*.json"))


def is_healthy(program: Program) -> bool:
    try:
        return httpx.get(f"{program.url}{program.health_path}", timeout=2, trust_env=False).is_success
    except httpx.HTTPError:
        return False


def last_words(place: Place, name: str, lines: int = 12) -> str:
    try:
        return "\n".join((place.logs / f"{name}.log").read_text(errors="replace").splitlines()[-lines:])
    except FileNotFoundError:
        return "(nothing)"


def _wait_until_healthy(program: Program, child: subprocess.Popen[bytes], place: Place) -> None:
    until = time.monotonic() + program.start_seconds
    while not is_healthy(program):
        if child.poll() is not None:
            raise NotHealthy(f"{program.name} ended ({child.returncode}): {last_words(place, program.name)}")
        if time.monotonic() > until:
            raise NotHealthy(
                f"{program.name} did not answer within {program.start_seconds:.0f} s: "
                f"{last_words(place, program.name)}"
            )
        time.sleep(0.1)


@atexit.register
def _wait_for_the_ended() -> None:
    """Of our children, those that somebody else (a guard) has ended."""
    for child in _CHILDREN.values():
        child.poll()


def _signal(group: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(group, number)


def _gone(running: Running, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if identity(running.pid) != running.identity:
            if running.pid in _CHILDREN:
                _CHILDREN.pop(running.pid).wait(_KILLED_SECONDS)
            return True
        time.sleep(0.05)
    return False
