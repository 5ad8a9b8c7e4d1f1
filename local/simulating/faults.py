"""What is to break next."""

import fnmatch
from dataclasses import dataclass
from enum import StrEnum
from threading import Event, Lock
from typing import NoReturn


class Hang(Exception):
    """No answer comes: the connection breaks, before or after the request was carried out."""


class Kind(StrEnum):
    """How a call breaks.

    `error`: the vendor answers 500; nothing was done. (Stripe keeps that answer under the idempotency key.)
    `timeout`: the connection breaks and nothing was done. `applied_then_timeout`: it breaks after all was done.
    `hang` and `applied_then_hang`: the same two, but before it breaks the call is held until it is released.
    """

    ERROR = "error"
    TIMEOUT = "timeout"
    APPLIED_THEN_TIMEOUT = "applied_then_timeout"
    HANG = "hang"
    APPLIED_THEN_HANG = "applied_then_hang"


BEFORE = frozenset({Kind.TIMEOUT, Kind.HANG})
AFTER = frozenset({Kind.APPLIED_THEN_TIMEOUT, Kind.APPLIED_THEN_HANG})
_HELD = frozenset({Kind.HANG, Kind.APPLIED_THEN_HANG})
_HELD_SECONDS = 60  # nobody waits for an answer of a vendor's for longer


@dataclass(slots=True)
class _Fault:
    path: str
    kind: Kind
    left: int
    method: str | None

    def hits(self, method: str, path: str) -> bool:
        is_meant = fnmatch.fnmatchcase(path, self.path) or path.startswith(self.path)
        return is_meant and self.method in {None, method}


@dataclass(frozen=True, slots=True, eq=False)
class _Held:
    method: str
    path: str
    released: Event


class Faults:
    """Armed by the control plane; each call takes the first that is meant for it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._faults: list[_Fault] = []
        self._held: list[_Held] = []

    def arm(self, path: str, kind: str, times: int, method: str | None) -> None:
        """Break the next `times` calls of `path`, a prefix or a pattern with `*`. 0 disarms that path.

        Raises ValueError for a kind that is none.
        """
        what = Kind(kind)
        with self._lock:
            self._faults = [fault for fault in self._faults if times or fault.path != path]
            if times:
                self._faults.append(_Fault(path, what, times, method))

    def next(self, method: str, path: str) -> Kind | None:
        with self._lock:
            for fault in self._faults:
                if fault.hits(method, path):
                    fault.left -= 1
                    self._faults = [kept for kept in self._faults if kept.left > 0]
                    return fault.kind
        return None

    def break_off(self, kind: Kind, method: str, path: str) -> NoReturn:
        """Raises Hang, at once or when the call is released; nobody may hold the simulator's lock meanwhile."""
        if kind in _HELD:
            held = _Held(method, path, Event())
            with self._lock:
                self._held.append(held)
            held.released.wait(_HELD_SECONDS)
            with self._lock:
                self._held.remove(held)
        raise Hang

    def held(self) -> list[dict[str, str]]:
        """The calls that are in flight, oldest first."""
        with self._lock:
            return [{"method": held.method, "path": held.path} for held in self._held]

    def release(self) -> int:
        """Break off what is held; how many calls that were."""
        with self._lock:
            for held in self._held:
                held.released.set()
            return len(self._held)

    def clear(self) -> None:
        """Break nothing more, and hold nothing longer."""
        with self._lock:
            self._faults.clear()
        self.release()
