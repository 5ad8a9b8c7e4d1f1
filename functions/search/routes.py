"""The search: what keeps its index like the tables, and what asks it."""

from callsheet.kernel.routing import Grant, Row, Worker

ROUTES: tuple[Row, ...] = (
    Worker(
        name="index_profiles",
        events=(
            "profile.published",
            "profile.unpublished",
            "profile.updated",
            "service.created",
            "service.changed",
            "review.revealed",
            "review.hidden",
        ),
        tables=(("search", Grant.READ_WRITE), ("catalogue", Grant.READ)),
        secrets=("typesense",),
        vendors=("typesense",),
        timeout_seconds=30,
    ),
)
