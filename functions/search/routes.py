"""The search: what keeps its index like the tables, and what asks it.

Everybody may search; who is signed in has a bucket of their own, and everybody else one of their address.
"""

from callsheet.kernel.routing import Auth, Endpoint, Grant, RateClass, Row, Schedule, Worker

_INDEXING = (("search", Grant.READ_WRITE), ("catalogue", Grant.READ))
_ADMINS = ("admin",)
_RANKING = (("search", Grant.READ),)
_LISTING = (("catalogue", Grant.READ),)  # while no engine answers
_SETTING = (("search", Grant.READ_WRITE), ("events", Grant.APPEND), ("platform", Grant.READ_WRITE))
_SAVING = (("search", Grant.READ_WRITE), ("platform", Grant.READ_WRITE))


def _asking(
    name: str, path: str, rate: RateClass = RateClass.SEARCH, tables: tuple[tuple[str, Grant], ...] = ()
) -> Endpoint:
    return Endpoint(
        name=name,
        method="GET",
        path=path,
        auth=Auth.OPTIONAL,
        rate=rate,
        tables=(("platform", Grant.READ_WRITE), *tables),  # the bucket and the circuit; how to rank
        secrets=("cursor", "typesense_search"),
        vendors=("typesense",),
    )


ROUTES: tuple[Row, ...] = (
    _asking("search_people", "/v1/search/people", tables=(*_RANKING, *_LISTING)),
    _asking("search_studios", "/v1/search/studios", tables=_RANKING),
    _asking("suggest", "/v1/search/suggest", RateClass.SUGGEST),
    Endpoint(
        name="issue_key",
        method="POST",
        path="/v1/search/keys",
        auth=Auth.OPTIONAL,
        rate=RateClass.SEARCH_KEY,
        tables=(("platform", Grant.READ_WRITE),),
        secrets=("typesense_search",),
    ),
    Worker(
        name="index_profiles",
        events=(
            "profile.published",
            "profile.unpublished",
            "profile.updated",
            "profile.conduct_changed",
            "service.created",
            "service.changed",
            "review.revealed",
            "review.hidden",
        ),
        tables=(*_INDEXING, ("platform", Grant.WRITE)),
        secrets=("typesense",),
        vendors=("typesense",),
        timeout_seconds=30,
    ),
    Endpoint(
        name="save_search",
        method="POST",
        path="/v1/me/searches",
        idempotent=True,
        tables=(*_SAVING, ("search", Grant.DELETE)),
    ),
    Endpoint(
        name="list_saved_searches",
        method="GET",
        path="/v1/me/searches",
        tables=(("search", Grant.READ), ("platform", Grant.READ_WRITE)),
    ),
    Endpoint(
        name="update_saved_search",
        method="PATCH",
        path="/v1/me/searches/{saved_search_id}",
        tables=(*_SAVING, ("search", Grant.DELETE)),
    ),
    Endpoint(
        name="delete_saved_search",
        method="DELETE",
        path="/v1/me/searches/{saved_search_id}",
        tables=(*_SAVING, ("search", Grant.DELETE)),
    ),
    Worker(
        name="match_saved_searches",
        due=("search.match",),
        tables=(
            *(("search", Grant.READ_WRITE), ("events", Grant.APPEND)),
            ("platform", Grant.WRITE),  # the next portion
        ),
        secrets=("typesense_search",),
        vendors=("typesense",),
        batch_size=1,
        timeout_seconds=60,
    ),
    Endpoint(
        name="get_index",
        method="GET",
        path="/v1/admin/search/people",
        roles=_ADMINS,
        tables=(("search", Grant.READ), ("platform", Grant.READ_WRITE)),
    ),
    Endpoint(
        name="rebuild_index",
        method="POST",
        path="/v1/admin/search/people/rebuild",
        roles=_ADMINS,
        tables=(("search", Grant.READ_WRITE), ("platform", Grant.READ_WRITE)),
        secrets=("typesense",),
        vendors=("typesense",),
    ),
    Endpoint(
        name="get_setting",
        method="GET",
        path="/v1/admin/search/settings/{kind}",
        roles=_ADMINS,
        tables=(("search", Grant.READ), ("platform", Grant.READ_WRITE)),
    ),
    Endpoint(
        name="list_setting_versions",
        method="GET",
        path="/v1/admin/search/settings/{kind}/history",
        roles=_ADMINS,
        tables=(("search", Grant.READ), ("platform", Grant.READ_WRITE)),
        secrets=("cursor",),
    ),
    Endpoint(
        name="change_setting",
        method="PUT",
        path="/v1/admin/search/settings/{kind}",
        roles=_ADMINS,
        tables=_SETTING,
    ),
    Endpoint(
        name="roll_back_setting",
        method="POST",
        path="/v1/admin/search/settings/{kind}/rollback",
        roles=_ADMINS,
        tables=_SETTING,
    ),
    Worker(
        name="apply_synonyms",
        events=("search.setting_changed",),
        tables=(("search", Grant.READ),),
        secrets=("typesense",),
        vendors=("typesense",),
        batch_size=1,
        timeout_seconds=60,
    ),
    Worker(
        name="build_portion",
        due=("search.build",),
        tables=(*_INDEXING, ("platform", Grant.WRITE)),
        secrets=("typesense",),
        vendors=("typesense",),
        batch_size=1,
        timeout_seconds=60,
    ),
    Worker(
        name="finish_rebuild",
        due=("search.finish",),
        tables=_INDEXING,
        secrets=("typesense",),
        vendors=("typesense",),
        batch_size=1,
        timeout_seconds=300,
    ),
    Schedule(
        name="converge_index",
        rate_minutes=24 * 60,
        tables=_INDEXING,
        secrets=("typesense",),
        vendors=("typesense",),
        timeout_seconds=300,
        reserved_concurrency=1,
    ),
)
