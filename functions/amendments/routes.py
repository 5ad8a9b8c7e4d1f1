"""What comes on top of bookings: proposed and answered over HTTP, and ended with the booking."""

from callsheet.bookings.grants import SETTLING
from callsheet.kernel.routing import Endpoint, Grant, RateClass, Row, Worker


def _settling(name: str, path: str, *, rate: RateClass = RateClass.STANDARD) -> Endpoint:
    """A POST that moves an amendment and its money: the SDK wants memory, and Stripe's answers time."""
    return Endpoint(
        name=name,
        method="POST",
        path=path,
        rate=rate,
        idempotent=True,
        tables=SETTLING,
        secrets=("stripe",),
        vendors=("stripe",),
        memory_mb=1024,
        timeout_seconds=28,
    )


ROUTES: tuple[Row, ...] = (
    _settling("propose_amendment", "/v1/bookings/{booking_id}/amendments", rate=RateClass.CHECKOUT),
    Endpoint(
        name="list_amendments",
        method="GET",
        path="/v1/bookings/{booking_id}/amendments",
        tables=(("bookings", Grant.READ), ("payments", Grant.READ), ("platform", Grant.READ_WRITE)),
    ),
    _settling(
        "accept_amendment",
        "/v1/bookings/{booking_id}/amendments/{amendment_id}/accept",
        rate=RateClass.CHECKOUT,
    ),
    _settling("decline_amendment", "/v1/bookings/{booking_id}/amendments/{amendment_id}/decline"),
    _settling("withdraw_amendment", "/v1/bookings/{booking_id}/amendments/{amendment_id}/withdraw"),
    Worker(
        name="follow_booking",
        due=("booking.amendments",),
        tables=SETTLING,
        secrets=("stripe",),
        vendors=("stripe",),
        memory_mb=1024,
        timeout_seconds=60,
        batch_size=1,
    ),
)
