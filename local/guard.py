"""Outlives a launcher that is killed, and ends what it had started: `python -m local.guard DIRECTORY`.

It reads names of processes from its standard input, a line each. The line `keep` says that all went well; the end of
the input without it, that the launcher is gone.
"""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from local import processes
from local.place import ROOT, Place

_KEEP = "keep"
_END_SECONDS = 60


class Guard:
    """The launcher's end of it."""

    def __init__(self, child: subprocess.Popen[str]) -> None:
        self._child = child

    def watch(self, name: str) -> None:
        """From now on, end this process if we do not get to the end."""
        self._say(name)

    def keep(self) -> None:
        """All went well: nothing is ended."""
        self._say(_KEEP)

    def _say(self, line: str) -> None:
        if self._child.stdin is not None:
            self._child.stdin.write(f"{line}\n")
            self._child.stdin.flush()


@contextmanager
def guarded(place: Place) -> Iterator[Guard]:
    """Whatever is watched within ends with an exception, Ctrl-C, or the death of this process, unless kept."""
    place.make()
    with (place.logs / "guard.log").open("ab") as log:
        child = subprocess.Popen(
            (sys.executable, "-m", "local.guard", str(place.root)),
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            text=True,
            start_new_session=True,
        )
    try:
        yield Guard(child)
    finally:
        if child.stdin is not None:
            with suppress(BrokenPipeError):
                child.stdin.close()
        child.wait(_END_SECONDS)


def main(directory: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    watched: list[str] = []
    for line in sys.stdin:
        if line.strip() == _KEEP:
            return
        watched.append(line.strip())
    place = Place(Path(directory))
    for name in reversed(watched):
        processes.stop(place, name)


if __name__ == "__main__":
    main(sys.argv[1])
