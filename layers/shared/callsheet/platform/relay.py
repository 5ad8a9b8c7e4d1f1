"""From the outbox to the bus: the stream of the `events` table, published in order, nothing marked, nothing lost."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import TYPE_CHECKING

from callsheet.kernel.errors import Unavailable
from callsheet.platform.aws import client
from callsheet.platform.settings import resource_name

if TYPE_CHECKING:
    from mypy_boto3_events.type_defs import PutEventsRequestEntryTypeDef

MAX_ENTRIES = 10


@dataclass(frozen=True, slots=True)
class Message:
    """One entry for the bus: `detail` is JSON."""

    source: str
    detail_type: str
    detail: str


def publish(messages: Sequence[Message]) -> int:
    """Put messages on the bus, ten a call; how many of them, from the first on, the bus has taken.

    Stops at the first batch with a refused entry, so that what follows it is not sent before it is.
    """
    taken = 0
    for batch in batched(messages, MAX_ENTRIES, strict=False):
        answer = client("events").put_events(Entries=list(_entries(batch)))
        for entry in answer["Entries"]:
            if "EventId" not in entry:
                return taken
            taken += 1
    return taken


def publish_all(messages: Sequence[Message]) -> None:
    """Raises Unavailable unless the bus has taken every one."""
    if publish(messages) < len(messages):
        raise Unavailable("The event bus did not take every message")


def _entries(batch: Sequence[Message]) -> Iterator["PutEventsRequestEntryTypeDef"]:
    bus = resource_name("EVENT", "bus")
    for message in batch:
        yield {
            "EventBusName": bus,
            "Source": message.source,
            "DetailType": message.detail_type,
            "Detail": message.detail,
        }
