"""Receipts and statements: issued by consumers, fetched by signed addresses."""

from callsheet.kernel.routing import Endpoint, Grant, Row, Schedule, Worker

_FETCHING = (("documents", Grant.READ), ("platform", Grant.READ_WRITE))
# What is issued is never written over: conditions forbid it, and nothing here may delete.
_ISSUING = (
    ("documents", Grant.READ),
    ("documents", Grant.APPEND),
    ("bookings", Grant.READ),
    ("payments", Grant.READ),
    ("ledger", Grant.READ),
    ("users", Grant.READ),
    ("platform", Grant.APPEND),
)
_RECORDS = (("records", Grant.READ),)  # whoever signs an address lends it their own right

ROUTES: tuple[Row, ...] = (
    Endpoint(
        name="get_receipt",
        method="GET",
        path="/v1/bookings/{booking_id}/receipt",
        tables=(*_FETCHING, ("bookings", Grant.READ), ("payments", Grant.READ)),
        buckets=_RECORDS,
    ),
    Endpoint(
        name="list_statements",
        method="GET",
        path="/v1/statements",
        tables=_FETCHING,
        secrets=("cursor",),
    ),
    Endpoint(
        name="get_statement",
        method="GET",
        path="/v1/statements/{statement_id}",
        tables=_FETCHING,
        buckets=_RECORDS,
    ),
    Endpoint(
        name="submit_evidence",
        method="POST",
        path="/v1/admin/bookings/{booking_id}/disputes/{dispute_id}/evidence",
        roles=("support", "finance", "admin"),
        tables=(
            ("bookings", Grant.READ),
            ("payments", Grant.READ_WRITE),
            ("transfers", Grant.READ),
            ("ledger", Grant.READ),
            ("events", Grant.READ),
            ("events", Grant.APPEND),
            ("users", Grant.READ),
            ("platform", Grant.READ_WRITE),
        ),
        buckets=(("records", Grant.APPEND),),
        vendors=("reportlab", "PIL"),
        memory_mb=1024,
        timeout_seconds=28,
    ),
    # Drawing and asking Stripe are two functions: together their packages would not fit below the limit of layers.
    Worker(
        name="hand_in_evidence",
        events=("dispute.evidence_prepared",),
        tables=(
            ("bookings", Grant.READ),
            ("payments", Grant.READ_WRITE),
            ("transfers", Grant.READ),
            ("events", Grant.APPEND),
            ("platform", Grant.APPEND),
        ),
        buckets=(("records", Grant.READ),),
        secrets=("stripe",),
        vendors=("stripe",),
        timeout_seconds=30,
        batch_size=1,
    ),
    Worker(
        name="issue_receipt",
        events=(
            "payment.captured",
            "payment.refunded",
            "payment.refund_failed",
            "booking.cancelled",
            "amendment.cancelled",
            "dispute.opened",
            "dispute.won",
            "dispute.lost",
        ),
        tables=(*_ISSUING, ("events", Grant.APPEND)),
        buckets=(("records", Grant.APPEND),),
        vendors=("reportlab", "PIL"),
        memory_mb=1024,
        timeout_seconds=30,
    ),
    Schedule(
        name="start_statements",
        rate_minutes=60,
        tables=(("documents", Grant.READ), ("documents", Grant.APPEND), ("ledger", Grant.READ)),
        queues=("documents/issue_statement",),
        timeout_seconds=300,
        reserved_concurrency=1,
    ),
    Worker(
        name="issue_statement",
        direct=True,
        tables=_ISSUING,
        buckets=(("records", Grant.APPEND),),
        vendors=("reportlab", "PIL"),
        memory_mb=1024,
        timeout_seconds=60,
        batch_size=1,
    ),
)
