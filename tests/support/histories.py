"""How many random histories are played, and which: each group of 25 has a seed, the number in its test's name.

`make test` plays the same ones each time; `make nightly` many more, and others each night. What has failed is played
again by its number: `SIMULATED_FROM=1644480 SIMULATED_HISTORIES=25 pytest tests/simulation`.
"""

import os

from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

_GROUP = 25


def groups(histories: int) -> range:
    """The seeds to play; `histories` are as many as there are without the environment's saying more."""
    first = int(os.environ.get("SIMULATED_FROM", "0"))
    return range(first, first + -(-int(os.environ.get("SIMULATED_HISTORIES", histories)) // _GROUP))


def play(machine: type[RuleBasedStateMachine], group: int, steps: int) -> None:
    """Raises what a history has shown to be wrong, made as short as it gets."""
    seeded = seed(group)(type(f"{machine.__name__}{group}", (machine,), {}))
    run_state_machine_as_test(
        seeded,
        settings=settings(
            max_examples=_GROUP,
            stateful_step_count=int(os.environ.get("SIMULATED_STEPS", steps)),
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
