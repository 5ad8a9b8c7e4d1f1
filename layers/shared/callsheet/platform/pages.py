"""Where a query stopped, as a cursor keeps it and as DynamoDB wants it back: keys of ours are strings alone."""

from collections.abc import Mapping

from pynamodb.expressions.condition import Condition
from pynamodb.indexes import Index

from callsheet.kernel.page import Position
from callsheet.platform.table import Table

type ItemKey = Mapping[str, Mapping[str, str]]


def newest_first[T: Table](
    index: Index[T], partition: str, limit: int, after: Position | None, span: Condition | None = None
) -> tuple[list[T], Position | None]:
    """One page of a partition of an index, in the reverse order of its range key, and where it ended; one query."""
    found = index.query(
        partition,
        span,
        scan_index_forward=False,
        limit=limit,
        page_size=limit,
        last_evaluated_key=start_key(after),
    )
    items = list(found)
    return items, position_of(found.last_evaluated_key)


def start_key(after: Position | None) -> dict[str, dict[str, str]] | None:
    """The key to go on behind; None where the list begins."""
    return None if after is None else {name: {"S": value} for name, value in after.items()}


def position_of(last: ItemKey | None) -> Position | None:
    """Where a query stopped; None where there is nothing more."""
    return None if last is None else {name: value["S"] for name, value in last.items()}
