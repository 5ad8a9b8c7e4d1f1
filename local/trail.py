"""What happens underneath: events in the outbox, who has consumed them, and what Stripe was asked."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from local import aws
from local.simulator import SeenRequest, Simulator
from local.stack import Stack

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

_EVENTS, _PLATFORM = "callsheet-local-events", "callsheet-local-platform"
_INBOX = "INBOX#"


@dataclass(frozen=True, slots=True)
class Event:
    """A domain event as the timeline keeps it. `subject` is the id of what it is about."""

    id: str
    name: str
    subject: str
    actor: str


@dataclass(frozen=True, slots=True)
class Happened:
    """Since the last look. `consumed` are pairs of consumer and event id."""

    events: list[Event]
    consumed: list[tuple[str, str]]
    stripe: list[SeenRequest]

    def __bool__(self) -> bool:
        return bool(self.events or self.consumed or self.stripe)


@dataclass(slots=True)
class Trail:
    """Remembers what it has shown: each look answers what is new. Reads whole tables, as only a small cloud bears."""

    stack: Stack
    _events: set[str] = field(default_factory=set)
    _consumed: set[tuple[str, str]] = field(default_factory=set)
    _stripe: int = 0

    def look(self) -> Happened:
        events = [event for event in self._all_events() if event.id not in self._events]
        consumed = [pair for pair in self._all_consumed() if pair not in self._consumed]
        asked = self._asked_of_stripe()
        stripe, self._stripe = asked[self._stripe :], len(asked)
        self._events.update(event.id for event in events)
        self._consumed.update(consumed)
        return Happened(sorted(events, key=lambda event: event.id), consumed, stripe)

    def _all_events(self) -> Iterator[Event]:
        for item in self._scan(_EVENTS):
            envelope = json.loads(item["document"]["S"])
            aggregate, actor = envelope["aggregate"], envelope["actor"]
            yield Event(
                envelope["event_id"], envelope["name"], aggregate["id"], actor["role"] or actor["type"]
            )

    def _all_consumed(self) -> Iterator[tuple[str, str]]:
        for item in self._scan(_PLATFORM):
            key = item["pk"]["S"]
            if key.startswith(_INBOX):
                yield key.removeprefix(_INBOX), item["sk"]["S"]

    def _asked_of_stripe(self) -> list[SeenRequest]:
        return Simulator(self.stack.stripe_url).requests() if self.stack.simulates_stripe else []

    def _scan(self, table: str) -> "Iterator[dict[str, AttributeValueTypeDef]]":
        pages = aws.client("dynamodb", self.stack.aws_endpoint).get_paginator("scan")
        for page in pages.paginate(TableName=table):
            yield from page["Items"]
