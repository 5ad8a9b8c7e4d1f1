"""What moto keeps of tables and items, kept with less work (ADR 0155).

To go back to when a transaction is cancelled, moto copies each table it may write to, with all there is in it, before
each transaction: in a long test that was most of its time. Here the copy shares all items with the table but those that
the transaction names, because moto changes no other item, and replaces what it puts.
"""

import copy
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict
from moto.dynamodb.models.table import Table

type _Key = tuple[DynamoType, DynamoType]


class _Named:
    """What is about to be written, by table; None: nobody has said."""

    keys: Mapping[str, Sequence[_Key]] | None = None


_named = _Named()


def _copied(table: Table, memo: dict[int, object]) -> Table:
    if _named.keys is None or not table.has_range_key or table.stream_shard is not None:
        return _whole(table, memo)
    kept: Table = copy.copy(table)
    kept.items = defaultdict(dict, {pk: dict(items) for pk, items in table.items.items()})
    for pk, sk in _named.keys[table.name]:
        found = table.get_item(pk, sk)
        if found is not None:
            kept.items[pk][sk] = copy.deepcopy(found)
    return kept


def _whole(table: Table, memo: dict[int, object]) -> Table:
    memo[id(table)] = kept = copy.copy(table)
    kept.__dict__.update(copy.deepcopy(table.__dict__, memo))
    return kept


def _weighed_once(
    item: Item, hash_key: DynamoType, range_key: DynamoType | None, attrs: dict[str, Any]
) -> None:
    """As moto's own, which weighs all there is of an item before each attribute that it adds; this with the last."""
    item.hash_key, item.range_key, item.attrs = hash_key, range_key, LimitedSizeDict()
    left = len(attrs)
    for name, value in attrs.items():
        left -= 1
        put = LimitedSizeDict.__setitem__ if left == 0 else dict.__setitem__
        put(item.attrs, name, DynamoType(value))


@contextmanager
def less_kept() -> Iterator[None]:
    """moto asks for a copy of a table, or makes an item, and gets ours."""
    with (
        patch.object(Table, "__deepcopy__", _copied, create=True),
        patch.object(Item, "__init__", _weighed_once),
    ):
        yield


@contextmanager
def writing(body: Mapping[str, Any]) -> Iterator[None]:
    """`body` of a request is all that is written meanwhile."""
    named: dict[str, list[_Key]] = defaultdict(list)
    for operation in body.get("TransactItems", ()):
        for wanted in operation.values():
            key = wanted.get("Key") or wanted["Item"]
            named[wanted["TableName"]].append((DynamoType(key["pk"]), DynamoType(key["sk"])))
    _named.keys = named
    try:
        yield
    finally:
        _named.keys = None
