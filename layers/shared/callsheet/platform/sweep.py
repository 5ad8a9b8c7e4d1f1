"""Time: what has become due is put on the bus, once a minute, and forgotten only after the bus has it.

A crash between the two sends a deadline twice; its handler looks at the state and does nothing the second time.
"""

import json
from datetime import datetime

from callsheet.platform.records import DUE_SHARDS, DueItem
from callsheet.platform.relay import Message, publish
from callsheet.platform.table import utc_key

MAX_PER_SHARD = 500


def sweep_due(now: datetime) -> int:
    """Publish every deadline up to `now`, the oldest first in each shard; how many there were.

    At most 500 a shard and run: the next run goes on where this one ended.
    """
    return sum(_sweep_shard(shard, now) for shard in range(DUE_SHARDS))


def _sweep_shard(shard: int, now: datetime) -> int:
    # "~" sorts behind every kind and id, so that deadlines of this very moment are in.
    upto = DueItem.sk <= f"{utc_key(now)}~"
    due = list(DueItem.query(f"DUE#{shard}", upto, limit=MAX_PER_SHARD, consistent_read=True))
    taken = publish([_message(item) for item in due])
    with DueItem.batch_write() as batch:
        for item in due[:taken]:
            batch.delete(item)
    return taken


def _message(item: DueItem) -> Message:
    detail = {"kind": item.kind, "subject": item.subject, "due_at": item.due_at}
    return Message("callsheet.due", f"due.{item.kind}", json.dumps(detail))
