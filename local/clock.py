"""The cloud's clock, and what becomes due when it moves. Our functions and the Stripe simulator read the same file."""

import math
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from pydantic import BaseModel

from callsheet.platform.records import DUE_SHARDS, DueItem
from local import aws, lambdas
from local.deploy import STACKS
from local.place import Place
from local.simulator import Simulator
from local.stack import Stack

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.literals import QueueAttributeNameType

_HOUR_SECONDS, _DAY_SECONDS = 3600, 24 * 3600
_QUIET_LOOKS = 6
_LOOK_SECONDS = 0.15
_SETTLE_SECONDS = 60
_MAX_SWEEPS = 20


class Unsettled(RuntimeError):
    """Queues that do not empty, or deadlines that set each other for ever."""


class _Swept(BaseModel):
    published: int


def offset_seconds(place: Place) -> int:
    try:
        return int(place.clock_file.read_text().strip() or "0")
    except FileNotFoundError:
        return 0


def advance(place: Place, stack: Stack, hours: float) -> int:
    """Move the clock by `hours`, an hour at a time, and let everything due happen; how many deadlines there were.

    By the hour, because what a deadline sets in motion may have a deadline within the span: a session that starts
    also ends. Hours in which nothing is due are passed in one leap, a day at most: Stripe's own deadlines lead to
    webhooks, and those to deadlines. Raises Unsettled.
    """
    left, published = round(hours * 3600), 0
    while left > 0:
        leap = min(left, _next_leap(place, stack))
        move(place, leap)
        left -= leap
        if leap > _HOUR_SECONDS and stack.simulates_stripe:
            settle(stack)
        published += sweep(stack)
    settle(stack)  # the sweeper's own schedule may have published something just before us
    return published + sweep(stack)


def move(place: Place, seconds: int) -> None:
    """Time passes, and nobody calls the sweeper. The file changes whole: a function may read it at any moment."""
    unfinished = place.clock_file.with_suffix(".part")
    unfinished.write_text(f"{offset_seconds(place) + seconds}\n")
    unfinished.replace(place.clock_file)


def sweep(stack: Stack) -> int:
    """Run the sweeper until nothing is due and nothing waits in a queue; how many deadlines it published."""
    total = 0
    for _ in range(_MAX_SWEEPS):
        answer = lambdas.invoke(stack, "platform/sweep_due", b"{}")
        published = _Swept.model_validate(answer).published
        if not published:
            return total
        total += published
        settle(stack)
    raise Unsettled(f"Deadlines were still being published after {_MAX_SWEEPS} sweeps")


def leap_seconds(now: datetime, due: Iterable[datetime]) -> int:
    """Whole hours until the first of these deadlines has passed: one at least, and a day at most."""
    first = min(due, default=now + timedelta(days=1))
    hours = max(1, math.ceil((first - now) / timedelta(hours=1)))
    return min(hours * _HOUR_SECONDS, _DAY_SECONDS)


def _next_leap(place: Place, stack: Stack) -> int:
    now = datetime.now(UTC) + timedelta(seconds=offset_seconds(place))
    moments = (_next_due(stack, shard) for shard in range(DUE_SHARDS))
    return leap_seconds(now, [moment for moment in moments if moment is not None])


def _next_due(stack: Stack, shard: int) -> datetime | None:
    """The first moment of the index of deadlines that nobody has swept."""
    found = aws.client("dynamodb", stack.aws_endpoint).query(
        TableName=f"{STACKS}{DueItem.logical_name}",
        KeyConditionExpression="pk = :shard",
        ExpressionAttributeValues={":shard": {"S": f"DUE#{shard}"}},
        ConsistentRead=True,
        Limit=1,
    )["Items"]
    return datetime.fromisoformat(found[0]["due_at"]["S"]) if found else None


def settle(stack: Stack) -> None:
    """Wait until no webhook and no message is under way for a few looks: relay and bus need a moment between them."""
    sqs = aws.client("sqs", stack.aws_endpoint)
    queues = [
        url
        for url in sqs.list_queues(QueueNamePrefix=STACKS).get("QueueUrls", [])
        if not url.endswith("-dead")
    ]
    until, quiet = time.monotonic() + _SETTLE_SECONDS, 0
    while quiet < _QUIET_LOOKS:
        if time.monotonic() > until:
            raise Unsettled(f"Messages still wait after {_SETTLE_SECONDS} s: see `make logs`")
        quiet = 0 if _delivers(stack) or any(_waits(sqs, url) for url in queues) else quiet + 1
        time.sleep(_LOOK_SECONDS)


def _delivers(stack: Stack) -> bool:
    return stack.simulates_stripe and Simulator(stack.stripe_url).has_webhooks_under_way()


def _waits(sqs: "SQSClient", url: str) -> bool:
    asked: list[QueueAttributeNameType] = [
        "ApproximateNumberOfMessages",
        "ApproximateNumberOfMessagesNotVisible",
    ]
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=asked)["Attributes"]
    return any(int(attributes[name]) for name in asked)
