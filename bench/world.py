"""The small world the benchmark plays in: one stage on moto, and the requests that are measured."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.support.cloud import cloud
from tests.support.gateway import Answer, Gateway


@dataclass(frozen=True, slots=True)
class Call:
    """One request that can be repeated: the next run does not stumble over what it changed."""

    name: str
    run: Callable[[], Answer]


@contextmanager
def world() -> Iterator[list[Call]]:
    """The requests, while the stage they need exists."""
    with cloud():
        gateway = Gateway()
        yield [
            Call("platform.get_health", lambda: gateway.call("GET", "/v1/health")),
            Call("platform.get_openapi", lambda: gateway.call("GET", "/v1/openapi.json")),
        ]
