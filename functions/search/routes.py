"""The search: what keeps its index like the tables, and what asks it.

Everybody may search; who is signed in has a bucket of their own, and everybody else one of their address.
"""

from callsheet.kernel.routing import Auth, Endpoint, Grant, RateClass, Row, Worker


def _asking(name: str, path: str, rate: RateClass = RateClass.SEARCH) -> Endpoint:
    return Endpoint(
        name=name,
        method="GET",
        path=path,
        auth=Auth.OPTIONAL,
        rate=rate,
        tables=(("platform", Grant.READ_WRITE),),  # the bucket, and nothing else
        secrets=("cursor", "typesense_search"),
        vendors=("typesense",),
    )


ROUTES: tuple[Row, ...] = (
    _asking("search_people", "/v1/search/people"),
    _asking("search_studios", "/v1/search/studios"),
    _asking("suggest", "/v1/search/suggest", RateClass.SUGGEST),
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
