"""Bookings over HTTP, and the deadlines that move them."""

from callsheet.bookings.grants import SETTLING
from callsheet.kernel.routing import Endpoint, Grant, RateClass, Row, Worker

_READ = (("bookings", Grant.READ), ("payments", Grant.READ), ("platform", Grant.READ_WRITE))
_CASE = (*_READ, ("transfers", Grant.READ))

ROUTES: tuple[Row, ...] = (
    Endpoint(
        name="quote_booking",
        method="POST",
        path="/v1/quotes",
        tables=(("catalogue", Grant.READ), ("calendar", Grant.READ), ("platform", Grant.READ_WRITE)),
        secrets=("stripe",),
        vendors=("stripe",),
        timeout_seconds=28,
    ),
    Endpoint(
        name="create_booking",
        method="POST",
        path="/v1/bookings",
        rate=RateClass.CHECKOUT,
        idempotent=True,
        tables=(*SETTLING, ("catalogue", Grant.READ), ("calendar", Grant.READ), ("users", Grant.READ)),
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
    Endpoint(name="get_booking", method="GET", path="/v1/bookings/{booking_id}", tables=_CASE),
    Endpoint(
        name="get_timeline",
        method="GET",
        path="/v1/bookings/{booking_id}/timeline",
        tables=(*_CASE, ("events", Grant.READ)),
        secrets=("cursor",),
    ),
    Endpoint(
        name="accept_booking",
        method="POST",
        path="/v1/bookings/{booking_id}/accept",
        idempotent=True,
        tables=(*SETTLING, ("connect", Grant.READ)),
        secrets=("stripe",),
        vendors=("stripe",),
        memory_mb=1024,
        timeout_seconds=28,
    ),
    Endpoint(
        name="decline_booking",
        method="POST",
        path="/v1/bookings/{booking_id}/decline",
        idempotent=True,
        tables=SETTLING,
        secrets=("stripe",),
        vendors=("stripe",),
        memory_mb=1024,
        timeout_seconds=28,
    ),
    Endpoint(
        name="cancel_booking",
        method="POST",
        path="/v1/bookings/{booking_id}/cancel",
        idempotent=True,
        tables=SETTLING,
        secrets=("stripe",),
        vendors=("stripe",),
        memory_mb=1024,
        timeout_seconds=28,
    ),
    Endpoint(
        name="complete_booking",
        method="POST",
        path="/v1/bookings/{booking_id}/complete",
        idempotent=True,
        tables=(
            *_READ,
            ("bookings", Grant.READ_WRITE),
            ("transfers", Grant.READ_WRITE),
            ("ledger", Grant.WRITE),
            ("events", Grant.APPEND),
        ),
    ),
    Endpoint(
        name="report_problem",
        method="POST",
        path="/v1/bookings/{booking_id}/problem",
        idempotent=True,
        tables=(*_CASE, ("bookings", Grant.READ_WRITE), ("events", Grant.APPEND)),
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
        tables=SETTLING,
        secrets=("stripe",),
        vendors=("stripe",),
        timeout_seconds=60,
    ),
)
