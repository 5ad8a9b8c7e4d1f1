"""Several workers take turns, step by step, in an order that a test decides.

A step is a call to DynamoDB or to the search engine. Each worker runs in a thread of its own, and only while it is its
turn; so one order of turns is one history, the same each time.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Semaphore, Thread, local
from typing import Self, cast
from unittest.mock import patch

from callsheet.gateways.indexing import Document, IndexEngine, Schema
from callsheet.platform.table import connection
from tests.support.crashes import Died
from tests.support.frames import with_room

_PATIENCE_SECONDS = 30
_here = local()


@dataclass(slots=True)
class Worker:
    """Somebody at work; `is_done` once it has ended, `error` where it ended badly."""

    work: Callable[[], object]
    mine: Semaphore = field(default_factory=lambda: Semaphore(0))
    theirs: Semaphore = field(default_factory=lambda: Semaphore(0))
    is_done: bool = False
    is_killed: bool = False
    error: Exception | None = None

    @classmethod
    def at(cls, work: Callable[[], object]) -> Self:
        """Somebody who waits for the first turn."""
        worker = cls(work)
        Thread(target=worker._run, daemon=True).start()
        return worker

    def go_on(self) -> None:
        """Up to its next step, or its end."""
        self.mine.release()
        assert self.theirs.acquire(timeout=_PATIENCE_SECONDS)

    def finish(self) -> None:
        while not self.is_done:
            self.go_on()

    def die(self) -> None:
        """Where it stands, as a killed process does."""
        self.is_killed = True
        self.go_on()

    def wait(self) -> None:
        self.theirs.release()
        assert self.mine.acquire(timeout=_PATIENCE_SECONDS)
        if self.is_killed:
            raise Died

    def _run(self) -> None:
        assert self.mine.acquire(timeout=_PATIENCE_SECONDS)
        _here.worker = self
        try:
            with_room(self.work)
        except Died:
            pass
        except Exception as error:  # noqa: BLE001 - told to whoever decides the turns
            self.error = error
        self.is_done = True
        self.theirs.release()


def orders(*steps: int) -> Iterator[tuple[int, ...]]:
    """Every order in which workers can take that many turns each, by their numbers."""
    if not any(steps):
        yield ()
    for number, left in enumerate(steps):
        if left:
            fewer = (*steps[:number], left - 1, *steps[number + 1 :])
            yield from ((number, *rest) for rest in orders(*fewer))


def played(order: Sequence[int], *works: Callable[[], object]) -> list[Exception | None]:
    """All of them at once, their calls to DynamoDB in that order and what is left over afterwards; how each ended."""
    with steps_of_dynamodb():
        workers = [Worker.at(work) for work in works]
        for worker in workers:
            worker.go_on()  # up to its first call
        for number in order:
            if not workers[number].is_done:
                workers[number].go_on()
        for worker in workers:
            worker.finish()
    return [worker.error for worker in workers]


@contextmanager
def steps_of_dynamodb() -> Iterator[None]:
    """Meanwhile each call of a worker to DynamoDB waits for its turn."""
    client = connection().client
    call = cast("Callable[[str, object], Mapping[str, object]]", client._make_api_call)

    def in_turn(operation: str, arguments: Mapping[str, object]) -> Mapping[str, object]:
        step()
        return call(operation, arguments)

    with patch.object(client, "_make_api_call", in_turn):
        yield


def step() -> None:
    """A worker waits here for its turn; anybody else goes on."""
    worker = getattr(_here, "worker", None)
    if isinstance(worker, Worker):
        worker.wait()


@dataclass(frozen=True, slots=True)
class EngineInTurns:
    """Passes every call on to an IndexEngine, as one of the steps."""

    inner: IndexEngine

    def create(self, collection: str, schema: Schema) -> None:
        step()
        self.inner.create(collection, schema)

    def put(self, collection: str, documents: Sequence[Document]) -> None:
        step()
        self.inner.put(collection, documents)

    def remove(self, collection: str, ids: Sequence[str]) -> None:
        step()
        self.inner.remove(collection, ids)

    def export(self, collection: str, fields: Sequence[str]) -> Iterator[Document]:
        step()
        return self.inner.export(collection, fields)

    def aliased(self, alias: str) -> str | None:
        step()
        return self.inner.aliased(alias)

    def point(self, alias: str, collection: str) -> None:
        step()
        self.inner.point(alias, collection)

    def drop(self, collection: str) -> None:
        step()
        self.inner.drop(collection)
