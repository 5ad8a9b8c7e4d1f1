"""Somebody else does something between two steps of a use case: before a transaction, or before a call to Stripe."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.support.crashes import Steps


def _nothing() -> None:
    pass


@dataclass(slots=True)
class Meanwhile(Steps):
    """Counts the steps as a process that dies does, and lets `other` act before the step of the number `at`."""

    other: Callable[[], object] = _nothing

    def step[V](self, name: str, act: Callable[[], V]) -> V:
        number = len(self.names)
        self.names.append(name)
        if number == self.at:
            self.other()
        return act()
