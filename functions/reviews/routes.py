"""Reviews: both sides of a booking write one, everybody reads them, support takes away what must not stand."""

from callsheet.kernel.routing import Auth, Endpoint, Grant, RateClass, Row, Worker

_SUPPORT = ("support", "admin")
_READ = (("reviews", Grant.READ), ("platform", Grant.READ_WRITE))
_CHANGING = (
    ("reviews", Grant.READ_WRITE),
    ("events", Grant.APPEND),
    ("platform", Grant.READ_WRITE),
)
_COUNTING = (*_CHANGING, ("catalogue", Grant.WRITE))

ROUTES: tuple[Row, ...] = (
    Endpoint(
        name="write_review",
        method="POST",
        path="/v1/bookings/{booking_id}/reviews",
        idempotent=True,
        tables=(*_COUNTING, ("bookings", Grant.READ)),
    ),
    Endpoint(
        name="get_exchange",
        method="GET",
        path="/v1/bookings/{booking_id}/reviews",
        tables=(*_READ, ("bookings", Grant.READ)),
    ),
    Endpoint(
        name="list_profile_reviews",
        method="GET",
        path="/v1/profiles/{profile_id}/reviews",
        auth=Auth.NONE,
        rate=RateClass.NONE,
        tables=(("reviews", Grant.READ), ("catalogue", Grant.READ)),
        secrets=("cursor",),
    ),
    Endpoint(
        name="list_client_reviews",
        method="GET",
        path="/v1/users/{user_id}/reviews",
        tables=_READ,
        secrets=("cursor",),
    ),
    Endpoint(
        name="report_review",
        method="POST",
        path="/v1/reviews/{review_id}/report",
        tables=(*_CHANGING, ("catalogue", Grant.READ)),
    ),
    Endpoint(
        name="hide_review",
        method="POST",
        path="/v1/admin/reviews/{review_id}/hide",
        roles=_SUPPORT,
        tables=(*_COUNTING, ("reviews", Grant.DELETE)),  # that it waits
    ),
    Endpoint(
        name="keep_review",
        method="POST",
        path="/v1/admin/reviews/{review_id}/keep",
        roles=_SUPPORT,
        tables=(*_READ, ("reviews", Grant.WRITE), ("reviews", Grant.DELETE)),
    ),
    Endpoint(
        name="list_reported_reviews",
        method="GET",
        path="/v1/admin/reviews/reported",
        roles=_SUPPORT,
        tables=_READ,
        secrets=("cursor",),
    ),
    Worker(
        name="reveal_reviews",
        due=("review.reveal",),
        tables=(*_CHANGING, ("catalogue", Grant.WRITE)),
    ),
)
