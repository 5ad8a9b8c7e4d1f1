"""Where a query stopped, as a cursor keeps it and as DynamoDB wants it back: keys of ours are strings alone."""

from collections.abc import Mapping

from callsheet.kernel.page import Position

type ItemKey = Mapping[str, Mapping[str, str]]


def start_key(after: Position | None) -> dict[str, dict[str, str]] | None:
    """The key to go on behind; None where the list begins."""
    return None if after is None else {name: {"S": value} for name, value in after.items()}


def position_of(last: ItemKey | None) -> Position | None:
    """Where a query stopped; None where there is nothing more."""
    return None if last is None else {name: value["S"] for name, value in last.items()}
