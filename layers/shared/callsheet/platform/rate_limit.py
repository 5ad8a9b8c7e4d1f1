"""Token buckets in DynamoDB, one a caller and route class (numbers.md, "Limits").

A bucket is kept as the one moment at which it will be full again (the generic cell rate algorithm), so that taking a
token is one conditional update and a crash can leave nothing behind.
"""

from dataclasses import dataclass
from datetime import datetime

from pynamodb.exceptions import UpdateError

from callsheet.kernel.errors import RateLimited
from callsheet.kernel.routing import RateClass
from callsheet.platform.table import StrictInteger, Table

_MICROSECONDS = 1_000_000
_KEPT_SECONDS = 3600
_TRIES = 4


@dataclass(frozen=True, slots=True)
class Limit:
    """`per_minute` tokens flow in; `burst` of them fit."""

    per_minute: int
    burst: int


LIMITS: dict[RateClass, Limit] = {
    RateClass.STANDARD: Limit(120, 240),
    RateClass.CHECKOUT: Limit(10, 10),
    RateClass.UPLOAD: Limit(20, 20),
    RateClass.GRAPHQL: Limit(120, 240),
}


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left after a request was let through."""

    limit: int
    remaining: int
    reset_seconds: int

    @property
    def headers(self) -> dict[str, str]:
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset_seconds),
        }


class BucketItem(Table):
    """`full_at`: microseconds since 1970 at which the bucket is full again; in the past where it is full."""

    logical_name = "platform"
    full_at = StrictInteger(default=0)


def take_token(caller_id: str, rate: RateClass, now: datetime) -> Allowance:
    """Let one request through; RateLimited, with the seconds to wait, where the bucket is empty."""
    limit = LIMITS[rate]
    moment = int(now.timestamp() * _MICROSECONDS)
    for _ in range(_TRIES):
        allowance = _try_once(BucketItem(f"RATE#{rate}#{caller_id}", "BUCKET"), limit, moment)
        if allowance is not None:
            return allowance
    raise RateLimited(retry_after_seconds=1, extra={"limit_per_minute": limit.per_minute})


def _try_once(item: BucketItem, limit: Limit, moment: int) -> Allowance | None:
    """None where another request of the same caller came between reading and writing."""
    interval = 60 * _MICROSECONDS // limit.per_minute
    stored = _stored_full_at(item)
    full_at = max(stored or 0, moment) + interval
    missing = -(-(full_at - moment) // interval)
    if missing > limit.burst:
        wait = -(-(full_at - moment - limit.burst * interval) // _MICROSECONDS)
        raise RateLimited(
            f"{limit.per_minute} requests a minute are allowed here",
            extra={"limit_per_minute": limit.per_minute},
            retry_after_seconds=max(1, wait),
        )
    unchanged = BucketItem.pk.does_not_exist() if stored is None else BucketItem.full_at == stored
    expires_at = moment // _MICROSECONDS + _KEPT_SECONDS
    try:
        item.update(
            [BucketItem.full_at.set(full_at), BucketItem.expires_at.set(expires_at)], condition=unchanged
        )
    except UpdateError as error:
        if error.cause_response_code != "ConditionalCheckFailedException":
            raise
        return None
    reset_seconds = -(-(full_at - moment) // _MICROSECONDS)
    return Allowance(limit.burst, limit.burst - missing, reset_seconds)


def _stored_full_at(item: BucketItem) -> int | None:
    try:
        return BucketItem.get(item.pk, item.sk, consistent_read=True).full_at
    except BucketItem.DoesNotExist:
        return None
