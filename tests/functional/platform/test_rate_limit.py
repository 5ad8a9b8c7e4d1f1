"""A caller has a burst, then a steady flow; others have their own."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from botocore.exceptions import ReadTimeoutError
from pynamodb.exceptions import UpdateError

from callsheet.kernel.errors import RateLimited
from callsheet.kernel.routing import RateClass
from callsheet.platform.outage import outage_in
from callsheet.platform.rate_limit import LIMITS, BucketItem, take_token
from callsheet.platform.table import connection
from tests.functional.platform.test_transaction import NOW


def test_the_burst_is_let_through_and_then_the_wait_is_named(tables: None) -> None:
    left = [take_token("usr_1", RateClass.CHECKOUT, NOW).remaining for _ in range(10)]
    assert left == list(range(9, -1, -1))
    with pytest.raises(RateLimited) as refusal:
        take_token("usr_1", RateClass.CHECKOUT, NOW)
    assert refusal.value.retry_after_seconds == 6
    assert take_token("usr_1", RateClass.CHECKOUT, NOW + timedelta(seconds=6)).remaining == 0


def test_callers_and_classes_have_buckets_of_their_own(tables: None) -> None:
    for _ in range(10):
        take_token("usr_1", RateClass.CHECKOUT, NOW)
    assert take_token("usr_2", RateClass.CHECKOUT, NOW).remaining == 9
    assert take_token("usr_1", RateClass.UPLOAD, NOW).remaining == 19


def test_who_is_signed_out_has_half_of_a_search_and_all_of_what_has_one_limit(tables: None) -> None:
    limits = [
        take_token("anonymous#1", rate, NOW, is_signed_in=is_signed_in).limit
        for rate in (RateClass.SEARCH, RateClass.SUGGEST, RateClass.STANDARD)
        for is_signed_in in (True, False)
    ]
    assert limits == [240, 120, 480, 240, 240, 240]


def test_after_a_rest_the_bucket_is_full_and_no_fuller(tables: None) -> None:
    take_token("usr_1", RateClass.CHECKOUT, NOW)
    later = NOW + timedelta(days=1)
    allowance = take_token("usr_1", RateClass.CHECKOUT, later)
    assert allowance.headers == {
        "RateLimit-Limit": "10",
        "RateLimit-Remaining": "9",
        "RateLimit-Reset": "6",
    }


def test_a_refused_request_costs_nothing(tables: None) -> None:
    for _ in range(10):
        take_token("usr_1", RateClass.CHECKOUT, NOW)
    before = BucketItem.get("RATE#checkout#usr_1", "BUCKET").full_at
    for _ in range(3):
        with pytest.raises(RateLimited):
            take_token("usr_1", RateClass.CHECKOUT, NOW)
    assert BucketItem.get("RATE#checkout#usr_1", "BUCKET").full_at == before


def test_many_at_once_never_take_more_than_there_is(tables: None) -> None:
    def attempt(_number: int) -> bool:
        try:
            take_token("usr_1", RateClass.CHECKOUT, NOW)
        except RateLimited:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        through = sum(pool.map(attempt, range(40)))
    assert 1 <= through <= 10
    taken = BucketItem.get("RATE#checkout#usr_1", "BUCKET").full_at - int(NOW.timestamp() * 1_000_000)
    assert taken == through * 6_000_000


def test_a_day_has_a_bucket_of_its_own(tables: None) -> None:
    limit = LIMITS[RateClass.CHECKOUT]
    assert limit.per_day is not None
    moment = NOW
    for _ in range(limit.per_day):
        take_token("usr_1", RateClass.CHECKOUT, moment)
        moment += timedelta(seconds=6)
    with pytest.raises(RateLimited, match="100 requests a day") as refused:
        take_token("usr_1", RateClass.CHECKOUT, moment)
    assert (refused.value.retry_after_seconds or 0) > 60
    take_token("usr_2", RateClass.CHECKOUT, moment)


def test_a_bucket_that_is_not_written_in_time_is_an_outage_and_no_bug(tables: None) -> None:
    """Forty cold workers on a busy machine: a write took longer than two seconds, and the caller was told of a bug."""
    events = connection().client.meta.events

    def late(**_: object) -> None:
        raise ReadTimeoutError(endpoint_url="http://tables")

    events.register("before-call.dynamodb.UpdateItem", late)
    try:
        with pytest.raises(UpdateError) as raised:
            take_token("usr_1", RateClass.CHECKOUT, NOW)
    finally:
        events.unregister("before-call.dynamodb.UpdateItem", late)
    assert outage_in(raised.value) is not None
    assert LIMITS[RateClass.CHECKOUT].burst == take_token("usr_1", RateClass.CHECKOUT, NOW).remaining + 1
