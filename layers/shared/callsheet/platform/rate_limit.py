"""Token buckets in DynamoDB, one a caller and route class (numbers.md, "Limits").

A bucket is kept as the one moment at which it will be full again (the generic cell rate algorithm), so that taking a
token is one conditional update and a crash can leave nothing behind.
"""

from dataclasses import dataclass
from datetime import datetime

from pynamodb.exceptions import UpdateError
from pynamodb.expressions.update import Action

from callsheet.kernel.errors import RateLimited
from callsheet.kernel.routing import RateClass
from callsheet.platform.outage import outage_in
from callsheet.platform.table import StrictInteger, Table

_MICROSECONDS = 1_000_000
_MINUTE, _DAY = 60 * _MICROSECONDS, 86_400 * _MICROSECONDS
_TRIES = 5


@dataclass(frozen=True, slots=True, eq=False, repr=False)  # as rows are, see `kernel/routing.py`
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
    RateClass.SEARCH: Limit(120, 240),
    RateClass.SUGGEST: Limit(240, 480),
    RateClass.SEARCH_KEY: Limit(6, 12),  # each is good for ten minutes
}
# Of those who have not said who they are: an address, which may be a whole company's.
SIGNED_OUT: dict[RateClass, Limit] = {
    RateClass.SEARCH: Limit(60, 120),
    RateClass.SUGGEST: Limit(120, 240),
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


class Exhausted(RateLimited):
    """A bucket is empty: `allowance` says what is left of it, which is nothing, and when it is full again."""

    def __init__(self, allowance: Allowance, retry_after_seconds: int, words: str) -> None:
        super().__init__(
            f"{words} are allowed here", extra={"limit": words}, retry_after_seconds=retry_after_seconds
        )
        self.allowance = allowance


class BucketItem(Table):
    """Microseconds since 1970 at which each bucket of a caller is full again; in the past where it is full."""

    logical_name = "platform"
    full_at = StrictInteger(default=0)
    day_full_at = StrictInteger(null=True)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class _Bucket:
    """`tokens` flow into it in `period` microseconds, and `burst` of them fit; `words` say so to a caller."""

    tokens: int
    period: int
    burst: int
    words: str

    @property
    def interval(self) -> int:
        """Microseconds from one token to the next."""
        return self.period // self.tokens

    def full_after(self, full_at: int, moment: int) -> int:
        """When it is full again once a token is taken at `moment`; RateLimited where there is none."""
        full_again = max(full_at, moment) + self.interval
        over = full_again - moment - self.burst * self.interval
        if over > 0:
            left = Allowance(self.burst, 0, _seconds(full_at - moment))
            raise Exhausted(left, _seconds(over), self.words)
        return full_again


def _seconds(microseconds: int) -> int:
    """Rounded up, so that nobody comes back too early."""
    return -(-microseconds // _MICROSECONDS)


def take_token(caller_id: str, rate: RateClass, now: datetime, *, is_signed_in: bool = True) -> Allowance:
    """Let one request through; RateLimited, with the seconds to wait, where a bucket is empty.

    One read and one conditional update, and so again where another request of the caller came in between. What is left
    of the minute's bucket is answered; a day's bucket is only heard of when it is empty.
    """
    limit = LIMITS[rate] if is_signed_in else SIGNED_OUT.get(rate, LIMITS[rate])
    moment = int(now.timestamp() * _MICROSECONDS)
    item = BucketItem(f"RATE#{rate}#{caller_id}", "BUCKET")
    for _ in range(_TRIES):
        full_at = _try_once(item, limit, moment)
        if full_at is not None:
            missing = -(-(full_at - moment) // (_MINUTE // limit.per_minute))
            return Allowance(limit.burst, limit.burst - missing, _seconds(full_at - moment))
    raise RateLimited(retry_after_seconds=1)


def _try_once(item: BucketItem, limit: Limit, moment: int) -> int | None:
    """When the minute's bucket is full again; None where another request came between reading and writing."""
    stored = _stored(item)
    minute = _Bucket(limit.per_minute, _MINUTE, limit.burst, f"{limit.per_minute} requests a minute")
    full_at = minute.full_after(stored.full_at if stored else 0, moment)
    last_full_at = full_at
    actions: list[Action] = [BucketItem.full_at.set(full_at)]
    if limit.per_day is not None:
        day = _Bucket(limit.per_day, _DAY, limit.per_day, f"{limit.per_day} requests a day")
        last_full_at = day.full_after((stored.day_full_at or 0) if stored else 0, moment)
        actions.append(BucketItem.day_full_at.set(last_full_at))
    actions.append(BucketItem.expires_at.set(max(full_at, last_full_at) // _MICROSECONDS + 1))
    unchanged = BucketItem.pk.does_not_exist() if stored is None else BucketItem.full_at == stored.full_at
    try:
        item.update(actions, condition=unchanged)
    except UpdateError as error:
        # Of a time-out there is no response, and PynamoDB's `cause_response_code` breaks on it.
        if outage_in(error) or error.cause_response_code != "ConditionalCheckFailedException":
            raise
        return None
    return full_at


def _stored(item: BucketItem) -> BucketItem | None:
    try:
        return BucketItem.get(item.pk, item.sk, consistent_read=True)
    except BucketItem.DoesNotExist:
        return None
