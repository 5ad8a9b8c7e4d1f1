"""The GraphQL door: one function, because one document may ask for anything."""

from callsheet.kernel.routing import Endpoint, Grant, RateClass, Row

ROUTES: tuple[Row, ...] = (
    Endpoint(
        name="execute_operation",
        method="POST",
        path="/graphql",
        rate=RateClass.GRAPHQL,
        idempotent=True,
        max_body_bytes=256 * 1024,
        tables=(
            ("bookings", Grant.READ_WRITE),
            ("payments", Grant.READ_WRITE),
            ("transfers", Grant.READ_WRITE),
            ("ledger", Grant.WRITE),
            ("wallet", Grant.READ_WRITE),
            ("calendar", Grant.READ_WRITE),
            ("catalogue", Grant.READ_WRITE),
            ("catalogue", Grant.DELETE),  # names that a profile lets go of, and favourites
            ("reviews", Grant.READ_WRITE),
            ("reviews", Grant.DELETE),  # that a review waits for support
            ("search", Grant.READ_WRITE),
            ("search", Grant.DELETE),  # an alert, with its saved search
            ("media", Grant.READ),
            ("connect", Grant.READ),
            ("users", Grant.READ_WRITE),
            ("documents", Grant.READ),
            ("events", Grant.READ),
            ("events", Grant.APPEND),
            ("platform", Grant.READ_WRITE),
        ),
        buckets=(("records", Grant.READ),),
        secrets=("stripe", "cursor"),
        vendors=("graphql", "stripe"),
        memory_mb=1024,
        timeout_seconds=25,
    ),
)
