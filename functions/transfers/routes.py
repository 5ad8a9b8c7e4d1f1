"""What providers are paid: for themselves, for finance, and the jobs that pay."""

from callsheet.kernel.routing import Endpoint, Grant, RateClass, Row, Worker

_READ = (("transfers", Grant.READ), ("platform", Grant.READ_WRITE))
_DECIDE = (("transfers", Grant.READ_WRITE), ("events", Grant.APPEND), ("platform", Grant.READ_WRITE))
_PAYING_OUT = (
    ("transfers", Grant.READ_WRITE),
    ("transfers", Grant.DELETE),  # of the mark that an order is under way
    ("connect", Grant.READ),
    ("ledger", Grant.READ_WRITE),
    ("events", Grant.APPEND),
    ("platform", Grant.READ_WRITE),
)
_PAID_OUT = ("provider", "studio_owner")
_PROVIDERS, _FINANCE = ("provider", "studio_owner", "support", "finance", "admin"), ("finance", "admin")

ROUTES: tuple[Row, ...] = (
    Endpoint(
        name="get_transfer",
        method="GET",
        path="/v1/bookings/{booking_id}/transfer",
        roles=_PROVIDERS,
        tables=_READ,
    ),
    Endpoint(
        name="list_transfers",
        method="GET",
        path="/v1/transfers",
        roles=_PROVIDERS,
        tables=_READ,
        secrets=("cursor",),
    ),
    Endpoint(
        name="place_hold",
        method="POST",
        path="/v1/admin/bookings/{booking_id}/transfer/hold",
        roles=_FINANCE,
        tables=_DECIDE,
    ),
    Endpoint(
        name="release_hold",
        method="POST",
        path="/v1/admin/bookings/{booking_id}/transfer/release",
        roles=_FINANCE,
        tables=_DECIDE,
    ),
    Endpoint(
        name="set_reserve",
        method="PUT",
        path="/v1/admin/providers/{provider_id}/reserve",
        roles=_FINANCE,
        tables=(*_DECIDE, ("connect", Grant.READ)),
    ),
    Worker(
        name="release_transfer",
        due=("transfer.release",),
        tables=(
            ("transfers", Grant.READ_WRITE),
            ("connect", Grant.READ),
            ("ledger", Grant.READ_WRITE),
            ("events", Grant.APPEND),
            ("platform", Grant.READ_WRITE),
        ),
        secrets=("stripe",),
        vendors=("stripe",),
        memory_mb=1024,
        timeout_seconds=30,
        batch_size=1,
    ),
    Worker(
        name="resume_transfers",
        events=("payout_account.enabled", "transfer.paid"),
        tables=(("transfers", Grant.READ_WRITE), ("events", Grant.APPEND), ("platform", Grant.READ_WRITE)),
    ),
    Worker(
        name="release_reserve",
        due=("reserve.release",),
        tables=(
            ("transfers", Grant.READ_WRITE),
            ("ledger", Grant.WRITE),
            ("events", Grant.APPEND),
            ("platform", Grant.READ_WRITE),
        ),
    ),
    Endpoint(
        name="list_payouts",
        method="GET",
        path="/v1/payouts",
        roles=_PAID_OUT,
        tables=_READ,
        secrets=("cursor",),
    ),
    Endpoint(
        name="quote_instant_payout",
        method="GET",
        path="/v1/payouts/instant",
        roles=_PAID_OUT,
        rate=RateClass.CHECKOUT,
        tables=(
            ("transfers", Grant.READ),
            ("connect", Grant.READ),
            ("ledger", Grant.READ),
            ("platform", Grant.READ_WRITE),
        ),
        secrets=("stripe",),
        vendors=("stripe",),
        memory_mb=1024,
        timeout_seconds=28,
    ),
    Endpoint(
        name="pay_instantly",
        method="POST",
        path="/v1/payouts/instant",
        roles=_PAID_OUT,
        rate=RateClass.CHECKOUT,
        idempotent=True,
        tables=_PAYING_OUT,
        secrets=("stripe",),
        vendors=("stripe",),
        memory_mb=1024,
        timeout_seconds=28,
    ),
    Worker(
        name="check_payouts",
        due=("payout.check",),
        tables=_PAYING_OUT,
        secrets=("stripe",),
        vendors=("stripe",),
        memory_mb=1024,
        timeout_seconds=30,
        batch_size=1,
    ),
)
