"""The daily close: run by the clock, read and mended by finance."""

from callsheet.kernel.routing import Endpoint, Grant, Row, Schedule, Worker

_FINANCE = ("finance", "admin")
_READING = (("closing", Grant.READ), ("platform", Grant.READ_WRITE))
_STARTING = (("closing", Grant.READ_WRITE), ("platform", Grant.READ_WRITE))
# Entries are read and added; the gate and balances are updated.
_MENDING = (
    ("closing", Grant.READ_WRITE),
    ("ledger", Grant.READ_WRITE),
    ("events", Grant.APPEND),
    ("platform", Grant.READ_WRITE),
)
_NEXT = ("closing/run_portion",)

ROUTES: tuple[Row, ...] = (
    Endpoint(
        name="list_closes",
        method="GET",
        path="/v1/admin/closes",
        roles=_FINANCE,
        tables=_READING,
        secrets=("cursor",),
    ),
    Endpoint(
        name="get_close",
        method="GET",
        path="/v1/admin/closes/{day}",
        roles=_FINANCE,
        tables=_READING,
        secrets=("cursor",),
    ),
    Endpoint(
        name="run_close",
        method="POST",
        path="/v1/admin/closes/{day}/run",
        roles=_FINANCE,
        tables=_STARTING,
        queues=_NEXT,
    ),
    Endpoint(
        name="propose_adjustment",
        method="POST",
        path="/v1/admin/closes/{day}/adjustments",
        roles=_FINANCE,
        idempotent=True,
        tables=_MENDING,
        secrets=("stripe",),
        vendors=("stripe",),
        memory_mb=1024,
        timeout_seconds=29,
    ),
    Endpoint(
        name="approve_adjustment",
        method="POST",
        path="/v1/admin/closes/{day}/adjustments/{adjustment_id}/approve",
        roles=_FINANCE,
        tables=_MENDING,
        secrets=("stripe",),
        vendors=("stripe",),
        memory_mb=1024,
        timeout_seconds=29,
    ),
    Endpoint(
        name="reject_adjustment",
        method="POST",
        path="/v1/admin/closes/{day}/adjustments/{adjustment_id}/reject",
        roles=_FINANCE,
        tables=_STARTING,
    ),
    Schedule(
        name="start_daily_closes",
        rate_minutes=60,
        tables=(*_STARTING, ("ledger", Grant.READ)),
        queues=_NEXT,
    ),
    Worker(
        name="run_portion",
        due=("closing.stalled",),
        direct=True,
        tables=_MENDING,
        secrets=("stripe",),
        vendors=("stripe",),
        queues=_NEXT,
        memory_mb=1024,
        timeout_seconds=120,
        batch_size=1,
    ),
    Worker(
        name="expire_proposal",
        due=("closing.proposal",),
        tables=(("closing", Grant.READ_WRITE),),
    ),
)
