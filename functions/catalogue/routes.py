"""The catalogue's functions.

What everybody may read has no token bucket: without a token all callers would share one. The gateway's throttle stands
before it.
"""

from callsheet.kernel.routing import Auth, Endpoint, Grant, RateClass, Row, Worker

_OWNERS = ("provider", "creator")
_CHANGING = (
    ("catalogue", Grant.READ_WRITE),
    ("events", Grant.APPEND),
    ("platform", Grant.READ_WRITE),
)
_COUNTING = (
    ("catalogue", Grant.READ_WRITE),
    ("events", Grant.APPEND),
    ("platform", Grant.WRITE),  # what was counted, and the next look
)

ROUTES: tuple[Row, ...] = (
    Endpoint(
        name="create_profile",
        method="POST",
        path="/v1/profiles",
        roles=_OWNERS,
        idempotent=True,
        tables=(*_CHANGING, ("calendar", Grant.READ_WRITE)),
    ),
    Endpoint(
        name="get_profile",
        method="GET",
        path="/v1/profiles/{profile_id}",
        auth=Auth.NONE,
        rate=RateClass.NONE,
        tables=(("catalogue", Grant.READ),),
    ),
    Endpoint(
        name="get_profile_by_handle",
        method="GET",
        path="/v1/handles/{handle}",
        auth=Auth.NONE,
        rate=RateClass.NONE,
        tables=(("catalogue", Grant.READ),),
    ),
    Endpoint(
        name="get_profile_by_slug",
        method="GET",
        path="/v1/slugs/{slug}",
        auth=Auth.NONE,
        rate=RateClass.NONE,
        tables=(("catalogue", Grant.READ),),
    ),
    Endpoint(
        name="create_service",
        method="POST",
        path="/v1/profiles/{profile_id}/services",
        roles=_OWNERS,
        idempotent=True,
        tables=_CHANGING,
    ),
    Endpoint(
        name="list_services",
        method="GET",
        path="/v1/profiles/{profile_id}/services",
        auth=Auth.NONE,
        rate=RateClass.NONE,
        tables=(("catalogue", Grant.READ),),
    ),
    Endpoint(
        name="update_service",
        method="PATCH",
        path="/v1/profiles/{profile_id}/services/{service_id}",
        roles=_OWNERS,
        tables=_CHANGING,
    ),
    Endpoint(
        name="publish_profile",
        method="POST",
        path="/v1/profiles/{profile_id}/publish",
        roles=_OWNERS,
        tables=_CHANGING,
    ),
    Endpoint(
        name="unpublish_profile",
        method="POST",
        path="/v1/profiles/{profile_id}/unpublish",
        roles=_OWNERS,
        tables=_CHANGING,
    ),
    Endpoint(
        name="list_my_profiles",
        method="GET",
        path="/v1/me/profiles",
        tables=(("catalogue", Grant.READ), ("platform", Grant.READ_WRITE)),
    ),
    Endpoint(
        name="get_own_profile",
        method="GET",
        path="/v1/me/profiles/{profile_id}",
        tables=(("catalogue", Grant.READ), ("platform", Grant.READ_WRITE)),
    ),
    Endpoint(
        name="update_profile",
        method="PATCH",
        path="/v1/me/profiles/{profile_id}",
        roles=_OWNERS,
        tables=(
            *_CHANGING,
            ("catalogue", Grant.DELETE),  # names that it lets go of
            ("media", Grant.READ),
        ),
    ),
    Worker(
        name="count_conduct",
        events=("booking.accepted", "booking.cancelled", "dispute.opened", "dispute.won"),
        tables=_COUNTING,
    ),
    Worker(name="recount_conduct", due=("catalogue.recount",), tables=_COUNTING),
    Endpoint(
        name="add_favourite",
        method="PUT",
        path="/v1/me/favourites/{profile_id}",
        tables=(("catalogue", Grant.READ_WRITE), ("platform", Grant.READ_WRITE)),
    ),
    Endpoint(
        name="remove_favourite",
        method="DELETE",
        path="/v1/me/favourites/{profile_id}",
        tables=(("catalogue", Grant.DELETE), ("platform", Grant.READ_WRITE)),
    ),
    Endpoint(
        name="list_favourites",
        method="GET",
        path="/v1/me/favourites",
        tables=(("catalogue", Grant.READ), ("platform", Grant.READ_WRITE)),
        secrets=("cursor",),
    ),
)
