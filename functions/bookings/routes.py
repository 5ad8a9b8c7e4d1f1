"""Bookings over HTTP, and the deadlines that move them."""

from callsheet.kernel.routing import Endpoint, Grant, RateClass, Row, Worker

_READ = (("bookings", Grant.READ), ("payments", Grant.READ), ("platform", Grant.READ_WRITE))
_DECIDE = (
    ("bookings", Grant.READ_WRITE),
    ("payments", Grant.READ_WRITE),
    ("ledger", Grant.READ_WRITE),
    ("calendar", Grant.READ_WRITE),
    ("users", Grant.READ_WRITE),
    ("events", Grant.READ_WRITE),
    ("platform", Grant.READ_WRITE),
)

ROUTES: tuple[Row, ...] = (
    Endpoint(
        name="quote_booking",
        method="POST",
        path="/v1/quotes",
        tables=(("catalogue", Grant.READ), ("calendar", Grant.READ), ("platform", Grant.READ_WRITE)),
    ),
    Endpoint(
        name="create_booking",
        method="POST",
        path="/v1/bookings",
        rate=RateClass.CHECKOUT,
        idempotent=True,
        tables=(*_DECIDE, ("catalogue", Grant.READ)),
        secrets=("stripe",),
        vendors=("stripe",),
        memory_mb=1024,
        timeout_seconds=28,
    ),
    Endpoint(
        name="list_bookings",
        method="GET",
        path="/v1/bookings",
        tables=_READ,
        secrets=("cursor",),
    ),
    Endpoint(name="get_booking", method="GET", path="/v1/bookings/{booking_id}", tables=_READ),
    Endpoint(
        name="get_timeline",
        method="GET",
        path="/v1/bookings/{booking_id}/timeline",
        tables=(*_READ, ("events", Grant.READ)),
        secrets=("cursor",),
    ),
    Endpoint(
        name="accept_booking",
        method="POST",
        path="/v1/bookings/{booking_id}/accept",
        tables=_DECIDE,
        secrets=("stripe",),
        vendors=("stripe",),
        memory_mb=1024,
        timeout_seconds=28,
    ),
    Endpoint(
        name="decline_booking",
        method="POST",
        path="/v1/bookings/{booking_id}/decline",
        tables=_DECIDE,
        secrets=("stripe",),
        vendors=("stripe",),
        memory_mb=1024,
        timeout_seconds=28,
    ),
    Endpoint(
        name="cancel_booking",
        method="POST",
        path="/v1/bookings/{booking_id}/cancel",
        tables=_DECIDE,
        secrets=("stripe",),
        vendors=("stripe",),
        memory_mb=1024,
        timeout_seconds=28,
    ),
    Endpoint(
        name="complete_booking",
        method="POST",
        path="/v1/bookings/{booking_id}/complete",
        tables=(
            *_READ,
            ("bookings", Grant.READ_WRITE),
            ("ledger", Grant.READ_WRITE),
            ("events", Grant.READ_WRITE),
        ),
    ),
    Endpoint(
        name="report_problem",
        method="POST",
        path="/v1/bookings/{booking_id}/problem",
        tables=(*_READ, ("bookings", Grant.READ_WRITE), ("events", Grant.READ_WRITE)),
    ),
    Worker(
        name="apply_deadline",
        due=(
            "booking.hold",
            "booking.answer",
            "booking.start",
            "booking.end",
            "booking.acceptance",
            "booking.problem",
        ),
        tables=_DECIDE,
        secrets=("stripe",),
        vendors=("stripe",),
        timeout_seconds=60,
    ),
)
