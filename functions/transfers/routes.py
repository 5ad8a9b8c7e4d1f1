"""What providers are paid: for themselves, for finance, and the jobs that pay."""

from callsheet.kernel.routing import Endpoint, Grant, Row, Worker

_READ = (("transfers", Grant.READ), ("platform", Grant.READ_WRITE))
_DECIDE = (("transfers", Grant.READ_WRITE), ("events", Grant.APPEND), ("platform", Grant.READ_WRITE))
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
        tables=_DECIDE,
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
        name="release_reserve",
        due=("reserve.release",),
        tables=(
            ("transfers", Grant.READ_WRITE),
            ("ledger", Grant.WRITE),
            ("events", Grant.APPEND),
            ("platform", Grant.READ_WRITE),
        ),
    ),
)
