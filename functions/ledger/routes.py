"""The ledger, for those who answer for the money."""

from callsheet.kernel.routing import Endpoint, Grant, Row

_READ = (("ledger", Grant.READ), ("platform", Grant.READ_WRITE))
_FINANCE = ("finance", "admin")

ROUTES: tuple[Row, ...] = (
    Endpoint(
        name="get_trial_balance",
        method="GET",
        path="/v1/admin/ledger/trial-balance",
        roles=_FINANCE,
        tables=_READ,
    ),
    Endpoint(
        name="list_entries",
        method="GET",
        path="/v1/admin/ledger/entries",
        roles=_FINANCE,
        tables=_READ,
    ),
    Endpoint(
        name="export_journal",
        method="GET",
        path="/v1/admin/ledger/export",
        roles=_FINANCE,
        tables=_READ,
        # Who writes in parts may end them, and who signs an address lends it their own right.
        buckets=(("exports", Grant.READ_WRITE),),
        memory_mb=1024,
        timeout_seconds=29,
    ),
)
