"""What happens underneath: events in the outbox, messages consumed, and what Stripe was asked."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from callsheet.kernel.routing import Worker
from docs.build import rows
from local import aws, lambdas
from local.simulator import SeenRequest, Simulator
from local.stack import Stack

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

_EVENTS = "callsheet-local-events"


@dataclass(frozen=True, slots=True)
class Event:
    """A domain event as the timeline keeps it. `subject` is an id; `actor` a name, role or kind."""

    id: str
    name: str
    subject: str
    actor: str


@dataclass(frozen=True, slots=True)
class Consumed:
    """A message that a worker has taken from its queue, and what became of it."""

    worker: str
    message_id: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Happened:
    """Since the last look."""

    events: list[Event]
    consumed: list[Consumed]
    stripe: list[SeenRequest]


@dataclass(slots=True)
class Trail:
    """Remembers what it has shown: each look answers what is new. Reads all events, as only a small cloud bears."""

    stack: Stack
    _events: set[str] = field(default_factory=set)
    _consumed: set[Consumed] = field(default_factory=set)
    _stripe: int = 0
    _since_ms: int = field(default_factory=lambdas.now_ms)

    def look(self) -> Happened:
        events = [event for event in self._all_events() if event.id not in self._events]
        consumed = [taken for taken in self._all_consumed() if taken not in self._consumed]
        asked = Simulator(self.stack.stripe_url).requests() if self.stack.simulates_stripe else []
        stripe, self._stripe = asked[self._stripe :], len(asked)
        self._events.update(event.id for event in events)
        self._consumed.update(consumed)
        return Happened(sorted(events, key=lambda event: event.id), consumed, stripe)

    def _all_events(self) -> Iterator[Event]:
        people = {user.user_id: name for name, user in self.stack.users.items()}
        for item in self._scan(_EVENTS):
            envelope = item["document"]["M"]
            actor = envelope["actor"]["M"]
            by = people.get(actor["id"]["S"]) or actor.get("role", {}).get("S") or actor["type"]["S"]
            yield Event(item["sk"]["S"], envelope["name"]["S"], item["pk"]["S"], by)

    def _all_consumed(self) -> Iterator[Consumed]:
        for domain, row in rows.rows():
            if isinstance(row, Worker):
                for line in lambdas.log_lines(self.stack, f"{domain}/{row.name}", self._since_ms):
                    yield from _consumed(f"{domain}/{row.name}", line.words)

    def _scan(self, table: str) -> "Iterator[dict[str, AttributeValueTypeDef]]":
        pages = aws.client("dynamodb", self.stack.aws_endpoint).get_paginator("scan")
        for page in pages.paginate(TableName=table):
            yield from page["Items"]


def _consumed(worker: str, words: str) -> Iterator[Consumed]:
    """A worker's line on one message (queue/consumer.py); no other line."""
    if words.startswith("{"):
        told = json.loads(words)
        if told.get("message") == "consumed":
            yield Consumed(worker, str(told["message_id"]), str(told["outcome"]))
