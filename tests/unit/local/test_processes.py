"""Processes are found again, ended for sure, and never mistaken for somebody else's."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from local import processes
from local.guard import guarded
from local.identity import identity
from local.parts import kept
from local.place import ROOT, Place
from tests.unit.local.programs import broken, server, silent


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    place = Place(tmp_path / "cloud")
    yield place
    for name in processes.names(place):
        processes.stop(place, name)


def test_what_was_started_is_found_again_and_ended(place: Place) -> None:
    program = server()
    running = processes.start(program, place)
    assert processes.find(place, "server") == running
    assert processes.is_healthy(program)
    assert processes.stop(place, "server")
    assert identity(running.pid) is None
    assert processes.names(place) == []
    assert not processes.stop(place, "server")


def test_one_that_does_not_listen_is_killed(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_GRACE_SECONDS", 0.2)
    running = processes.start(server(extra="stubborn"), place)
    assert processes.stop(place, "server")
    assert identity(running.pid) is None


def test_a_number_that_has_come_round_is_somebody_elses(place: Place) -> None:
    """The record names this very test process, but from another life."""
    place.make()
    record = {"pid": os.getpid(), "identity": "boot:1", "fingerprint": "f", "port": 1}
    (place.processes / "server.json").write_text(json.dumps(record))
    assert processes.find(place, "server") is None
    assert not processes.stop(place, "server")


def test_one_that_ends_at_once_is_quoted(place: Place) -> None:
    with pytest.raises(processes.NotHealthy, match="no disk left"):
        processes.start(broken(), place)
    assert processes.names(place) == []


def test_one_that_never_answers_is_ended(place: Place) -> None:
    with pytest.raises(processes.NotHealthy, match="did not answer"):
        processes.start(silent(), place)
    assert processes.names(place) == []


def test_other_code_or_another_environment_is_another_program() -> None:
    program = server(port=20_000)
    assert program.fingerprint == server(port=20_000).fingerprint
    assert program.fingerprint != server(port=20_000, version="2").fingerprint
    assert program.fingerprint != replace(program, environment={"AUTH": "true"}).fingerprint


def test_what_is_well_and_unchanged_is_kept(place: Place) -> None:
    running = processes.start(server(), place)
    assert kept(place, lambda port: server(port=port or 1)) == running
    assert kept(place, lambda port: server(port=port or 1, version="2")) is None
    processes.stop(place, "server")
    assert kept(place, lambda port: server(port=port or 1)) is None


def test_what_an_interrupted_launcher_had_started_is_ended(place: Place) -> None:
    def interrupted() -> None:
        with guarded(place) as guard:
            guard.watch("server")
            processes.start(server(), place)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert processes.find(place, "server") is None


def test_what_a_launcher_had_started_when_all_went_well_stays(place: Place) -> None:
    with guarded(place) as guard:
        guard.watch("server")
        processes.start(server(), place)
        guard.keep()
    assert processes.find(place, "server") is not None


_KILLED_LAUNCHER = """
import sys, time
from pathlib import Path
from local import processes
from local.guard import guarded
from local.place import Place
from tests.unit.local.programs import server
place = Place(Path(sys.argv[1]))
with guarded(place) as guard:
    guard.watch("server")
    processes.start(server(), place)
    print("started", flush=True)
    time.sleep(60)
"""


def test_no_orphan_is_left_by_a_launcher_that_was_killed(place: Place) -> None:
    launcher = subprocess.Popen(
        (sys.executable, "-c", _KILLED_LAUNCHER, str(place.root)),
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'layers/shared'}:{ROOT}"},
        stdout=subprocess.PIPE,
    )
    with launcher:
        assert launcher.stdout is not None
        assert launcher.stdout.readline() == b"started\n"
        running = processes.find(place, "server")
        assert running is not None
        launcher.send_signal(signal.SIGKILL)
    until = time.monotonic() + 20
    while identity(running.pid) == running.identity and time.monotonic() < until:
        time.sleep(0.05)
    assert identity(running.pid) is None
