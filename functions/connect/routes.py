"""Payout accounts over HTTP, and the looks at those that are too quiet."""

from callsheet.kernel.routing import Endpoint, Grant, RateClass, Row, Worker

_MOVING = (("connect", Grant.READ_WRITE), ("events", Grant.APPEND), ("platform", Grant.READ_WRITE))
_OWNERS = ("provider", "studio_owner")

ROUTES: tuple[Row, ...] = (
    Endpoint(
        name="start_onboarding",
        method="POST",
        path="/v1/payout-account",
        roles=_OWNERS,
        rate=RateClass.CHECKOUT,
        idempotent=True,
        tables=_MOVING,
        secrets=("stripe",),
        vendors=("stripe",),
        memory_mb=1024,
        timeout_seconds=28,
    ),
    Endpoint(
        name="get_payout_account",
        method="GET",
        path="/v1/payout-account",
        roles=_OWNERS,
        tables=_MOVING,
        secrets=("stripe",),
        vendors=("stripe",),
        memory_mb=1024,
        timeout_seconds=28,
    ),
    Endpoint(
        name="create_link",
        method="POST",
        path="/v1/payout-account/links",
        roles=_OWNERS,
        rate=RateClass.CHECKOUT,
        tables=_MOVING,
        secrets=("stripe",),
        vendors=("stripe",),
        memory_mb=1024,
        timeout_seconds=28,
    ),
    Worker(
        name="check_account",
        due=("account.check",),
        tables=_MOVING,
        secrets=("stripe",),
        vendors=("stripe",),
        memory_mb=1024,
        timeout_seconds=30,
        batch_size=1,
    ),
)
