"""Bookings over HTTP, and the deadlines that move them."""

from callsheet.bookings.grants import SETTLING
from callsheet.kernel.routing import Endpoint, Grant, RateClass, Row, Worker

_READ = (("bookings", Grant.READ), ("payments", Grant.READ), ("platform", Grant.READ_WRITE))
_CASE = (*_READ, ("transfers", Grant.READ))
_SUPPORT = ("support", "finance", "admin")


def _settling(
    name: str,
    path: str,
    *,
    rate: RateClass = RateClass.STANDARD,
    roles: tuple[str, ...] = (),
    idempotent: bool = True,
    besides: tuple[tuple[str, Grant], ...] = (),
) -> Endpoint:
    """A POST that moves a booking and its money: the SDK wants memory, and Stripe's answers time."""
    return Endpoint(
        name=name,
        method="POST",
        path=path,
        rate=rate,
        roles=roles,
        idempotent=idempotent,
        tables=(*SETTLING, *besides),
        secrets=("stripe",),
        vendors=("stripe",),
        memory_mb=1024,
        timeout_seconds=28,
    )


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
    _settling(
        "create_booking",
        "/v1/bookings",
        rate=RateClass.CHECKOUT,
        besides=(
            ("catalogue", Grant.READ),
            ("calendar", Grant.READ),
            ("users", Grant.READ),
            ("wallet", Grant.READ),
        ),
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
    _settling("accept_booking", "/v1/bookings/{booking_id}/accept", besides=(("connect", Grant.READ),)),
    _settling("decline_booking", "/v1/bookings/{booking_id}/decline"),
    _settling("cancel_booking", "/v1/bookings/{booking_id}/cancel"),
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
    _settling("refund_booking", "/v1/admin/bookings/{booking_id}/refunds", roles=_SUPPORT),
    _settling(
        "approve_refund",
        "/v1/admin/bookings/{booking_id}/refunds/{refund_id}/approve",
        roles=_SUPPORT,
        idempotent=False,
    ),
    _settling(
        "reject_refund",
        "/v1/admin/bookings/{booking_id}/refunds/{refund_id}/reject",
        roles=_SUPPORT,
        idempotent=False,
    ),
    Endpoint(
        name="list_refunds",
        method="GET",
        path="/v1/admin/bookings/{booking_id}/refunds",
        roles=_SUPPORT,
        tables=(("payments", Grant.READ), ("platform", Grant.READ_WRITE)),
    ),
    Endpoint(
        name="list_disputes",
        method="GET",
        path="/v1/admin/bookings/{booking_id}/disputes",
        roles=_SUPPORT,
        tables=_READ,
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
