"""Reading several items at once, of whatever tables, in one strongly consistent call."""

import random
import time
from collections.abc import Callable, Sequence

from callsheet.kernel.errors import Unavailable
from callsheet.platform.table import AttributeValue, Table, connection

type Key = tuple[type[Table], str, str]

_ATTEMPTS = 5
MAX_KEYS = 100


def get_together(keys: Sequence[Key], sleep: Callable[[float], None] = time.sleep) -> list[Table | None]:
    """The items at `keys` (class, pk, sk), None where there is none; at most 100, none twice.

    One BatchGetItem; what DynamoDB leaves unprocessed is asked for again, and Unavailable raised after five tries.
    """
    if not keys:
        return []
    wanted = {_identity(key) for key in keys}
    if len(keys) > MAX_KEYS or len(wanted) != len(keys):
        raise ValueError("at most 100 keys, none twice")
    found: dict[tuple[str, str, str], AttributeValue] = {}
    pending = _request(keys)
    for attempt in range(_ATTEMPTS):
        answer = connection().dispatch("BatchGetItem", {"RequestItems": pending})
        for table, items in answer["Responses"].items():
            for item in items:
                found[table, item["pk"]["S"], item["sk"]["S"]] = item
        pending = answer.get("UnprocessedKeys") or {}
        if not pending:
            return [_model(key, found) for key in keys]
        sleep(random.uniform(0, 0.05 * 2**attempt))  # noqa: S311 - jitter, not cryptography
    raise Unavailable("The tables are busy; try again")


def _identity(key: Key) -> tuple[str, str, str]:
    item_class, pk, sk = key
    return item_class.table_connection().table_name, pk, sk


def _request(keys: Sequence[Key]) -> dict[str, AttributeValue]:
    request: dict[str, AttributeValue] = {}
    for key in keys:
        table, pk, sk = _identity(key)
        entry = request.setdefault(table, {"Keys": [], "ConsistentRead": True})
        entry["Keys"].append({"pk": {"S": pk}, "sk": {"S": sk}})
    return request


def _model(key: Key, found: dict[tuple[str, str, str], AttributeValue]) -> Table | None:
    raw = found.get(_identity(key))
    return None if raw is None else key[0].from_raw_data(raw)
