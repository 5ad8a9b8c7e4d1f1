"""CPU time and calls of warm requests: once against moto and the simulator, then often against what these said."""

import io
import statistics
import time
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass

from bench.tape import Tape, recording, replaying
from bench.world import Call, world


@dataclass(frozen=True, slots=True)
class Measured:
    """CPU milliseconds of a warm request, and the operations of AWS and Stripe it called, in order."""

    name: str
    milliseconds: float
    calls: tuple[str, ...]


def measured(rounds: int) -> Iterator[Measured]:
    """Every call of the small world the benchmark plays in."""
    logs = io.StringIO()  # what handlers log is part of their cost, but not of the table
    with redirect_stdout(logs):
        found = list(_all(rounds))
    yield from found


def _all(rounds: int) -> Iterator[Measured]:
    with world() as calls:
        for call in calls:
            yield _measure(call, rounds)


def _measure(call: Call, rounds: int) -> Measured:
    call.prepare()
    _answered(call)  # warm: clients exist, secrets are read
    call.prepare()
    tape = Tape()
    with recording(tape):
        _answered(call)
    spent = []
    with replaying(tape):
        for _ in range(rounds):
            tape.rewind()
            started = time.process_time()
            _answered(call)
            spent.append(time.process_time() - started)
    return Measured(call.name, 1000 * statistics.median(spent), tuple(one.operation for one in tape.answers))


def _answered(call: Call) -> None:
    """A benchmark of refusals would measure something else."""
    answer = call.run()
    if answer.status >= 400 or '"errors"' in answer.body:
        raise RuntimeError(f"{call.name} answered {answer.status}: {answer.body[:300]}")
