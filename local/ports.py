"""Ports that nobody listens on."""

import random
import socket
from collections.abc import Iterator

# Below what Linux and macOS hand out to outgoing connections, so that none is taken between asking and binding.
_FIRST, _LAST = 20_000, 29_998


class NoFreePort(RuntimeError):
    """A hundred ports were tried."""


def free_port() -> int:
    """A port that is free, and so is the one after it. Raises NoFreePort."""
    for port in _candidates():
        if _is_free(port) and _is_free(port + 1):
            return port
    raise NoFreePort


def _candidates() -> Iterator[int]:
    for _ in range(100):
        yield random.randrange(_FIRST, _LAST, 2)  # noqa: S311  (no secret)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
