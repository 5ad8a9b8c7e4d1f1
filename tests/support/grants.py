"""A function's environment as its row grants it: what it does not name is missing, as on AWS."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from callsheet.kernel.routing import Function

_KINDS = ("TABLE_", "BUCKET_", "QUEUE_")


@contextmanager
def only_what_is_granted(row: Function) -> Iterator[None]:
    """Hide the tables, buckets and queues that the row does not name; asking for one raises MissingSetting."""
    named = {
        *(_variable("TABLE", table) for table, _ in row.tables),
        *(_variable("BUCKET", bucket) for bucket, _ in row.buckets),
        *(_variable("QUEUE", queue) for queue in row.queues),
    }
    hidden = {
        name: value for name, value in os.environ.items() if name.startswith(_KINDS) and name not in named
    }
    for name in hidden:
        del os.environ[name]
    try:
        yield
    finally:
        os.environ.update(hidden)


def _variable(kind: str, name: str) -> str:
    return f"{kind}_{name.upper().replace('-', '_').replace('/', '_')}"
