"""What is to break next."""

import fnmatch
from dataclasses import dataclass
from enum import StrEnum
from threading import Lock

from local.stripe_sim.errors import Refusal


class Kind(StrEnum):
    """How a call breaks.

    `error`: Stripe answers 500 and, as documented, keeps that answer under the idempotency key; nothing was done.
    `timeout`: the connection breaks and nothing was done. `applied_then_timeout`: it breaks after all was done.
    """

    ERROR = "error"
    TIMEOUT = "timeout"
    APPLIED_THEN_TIMEOUT = "applied_then_timeout"


@dataclass(slots=True)
class _Fault:
    path: str
    kind: Kind
    left: int
    method: str | None

    def hits(self, method: str, path: str) -> bool:
        is_meant = fnmatch.fnmatchcase(path, self.path) or path.startswith(self.path)
        return is_meant and self.method in {None, method}


class Faults:
    """Armed by the control plane; each call takes the first that is meant for it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._faults: list[_Fault] = []

    def arm(self, path: str, kind: str, times: int, method: str | None) -> None:
        """Break the next `times` calls of `path`, a prefix or a pattern with `*`. 0 disarms that path."""
        if kind not in set(Kind):
            raise Refusal(f"Invalid kind: must be one of {', '.join(Kind)}", param="kind")
        with self._lock:
            self._faults = [fault for fault in self._faults if times or fault.path != path]
            if times:
                self._faults.append(_Fault(path, Kind(kind), times, method))

    def next(self, method: str, path: str) -> Kind | None:
        with self._lock:
            for fault in self._faults:
                if fault.hits(method, path):
                    fault.left -= 1
                    self._faults = [kept for kept in self._faults if kept.left > 0]
                    return fault.kind
        return None

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()
