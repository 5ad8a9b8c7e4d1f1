"""Which calls to DynamoDB something makes.

with calls() as made:
    get_users(ids, caller, deps)
assert made == ["BatchGetItem"]
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from callsheet.platform.table import connection

_EVENT = "before-call.dynamodb"


@contextmanager
def calls() -> Iterator[list[str]]:
    """The names of the operations, in order, as they are made within the block."""
    made: list[str] = []

    def note(model: Any, **_kwargs: object) -> None:
        made.append(model.name)

    events = connection().client.meta.events
    events.register(_EVENT, note)
    try:
        yield made
    finally:
        events.unregister(_EVENT, note)
