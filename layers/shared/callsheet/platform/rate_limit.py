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
_MINUTE, _DAY = 60 * _MICROSECONDS, 86_400 * _MICROSECONDS
_TRIES = 4


@dataclass(frozen=True, slots=True)
class Limit:
    """`per_minute` tokens flow in; `burst` of them fit. `per_day` is a second bucket, where there is one."""

    per_minute: int
    burst: int
    per_day: int | None = None


LIMITS: dict[RateClass, Limit] = {
    RateClass.STANDARD: Limit(120, 240),
    RateClass.CHECKOUT: Limit(10, 10, per_day=100),
    RateClass.UPLOAD: Limit(20, 20, per_day=200),
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


@dataclass(frozen=True, slots=True)
class _Bucket:
    """`tokens` flow into it in `period` microseconds, and `burst` of them fit; `words` say so to a caller."""

    key: str
    tokens: int
    period: int
    burst: int
    words: str

    @property
    def interval(self) -> int:
        """Microseconds from one token to the next."""
        return self.period // self.tokens


def take_token(caller_id: str, rate: RateClass, now: datetime) -> Allowance:
    """Let one request through; RateLimited, with the seconds to wait, where a bucket is empty.

    What is left of the minute's bucket is answered; a day's bucket is only heard of when it is empty.
    """
    limit = LIMITS[rate]
    moment = int(now.timestamp() * _MICROSECONDS)
    key = f"RATE#{rate}#{caller_id}"
    per_minute = _Bucket(key, limit.per_minute, _MINUTE, limit.burst, f"{limit.per_minute} requests a minute")
    allowance = _take(per_minute, moment)
    if limit.per_day is not None:
        _take(
            _Bucket(f"{key}#DAY", limit.per_day, _DAY, limit.per_day, f"{limit.per_day} requests a day"),
            moment,
        )
    return allowance


def _take(bucket: _Bucket, moment: int) -> Allowance:
    for _ in range(_TRIES):
        allowance = _try_once(bucket, moment)
        if allowance is not None:
            return allowance
    raise RateLimited(retry_after_seconds=1, extra={"limit": bucket.words})


def _try_once(bucket: _Bucket, moment: int) -> Allowance | None:
    """None where another request of the same caller came between reading and writing."""
    item = BucketItem(bucket.key, "BUCKET")
    stored = _stored_full_at(item)
    full_at = max(stored or 0, moment) + bucket.interval
    missing = -(-(full_at - moment) // bucket.interval)
    if missing > bucket.burst:
        wait = -(-(full_at - moment - bucket.burst * bucket.interval) // _MICROSECONDS)
        raise RateLimited(
            f"{bucket.words} are allowed here",
            extra={"limit": bucket.words},
            retry_after_seconds=max(1, wait),
        )
    unchanged = BucketItem.pk.does_not_exist() if stored is None else BucketItem.full_at == stored
    expires_at = full_at // _MICROSECONDS + 1
    try:
        item.update(
            [BucketItem.full_at.set(full_at), BucketItem.expires_at.set(expires_at)], condition=unchanged
        )
    except UpdateError as error:
        if error.cause_response_code != "ConditionalCheckFailedException":
            raise
        return None
    reset_seconds = -(-(full_at - moment) // _MICROSECONDS)
    return Allowance(bucket.burst, bucket.burst - missing, reset_seconds)


def _stored_full_at(item: BucketItem) -> int | None:
    try:
        return BucketItem.get(item.pk, item.sk, consistent_read=True).full_at
    except BucketItem.DoesNotExist:
        return None
