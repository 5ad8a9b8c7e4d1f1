"""Lists: newest first, cursors by id, `created` filters (Stripe, "Pagination")."""

from collections.abc import Callable, Iterable

from local.stripe_sim.errors import Refusal, no_such
from local.stripe_sim.shapes import Json, Obj, Params, text_of, whole_of

_MAX_PAGE, _PAGE = 100, 10


def list_of(
    objects: Iterable[Obj],
    params: Params,
    url: str,
    filters: str = "",
    *,
    is_kept: Callable[[Obj], bool] | None = None,
) -> Obj:
    """One page; `filters` names the attributes that parameters of the same name must equal."""
    limit = params.maybe_whole("limit")
    if limit is not None and not 1 <= limit <= _MAX_PAGE:
        raise Refusal(
            f"Limit must be between 1 and {_MAX_PAGE}", code="parameter_invalid_integer", param="limit"
        )
    wanted = [name for name in filters.split() if name in params]
    found = [
        obj
        for obj in reversed(list(objects))
        if all(obj.get(name) == params.values[name] for name in wanted)
        and _created_in(obj, params.values.get("created"))
        and (is_kept is None or is_kept(obj))
    ]
    page, has_more = _page(found, params, limit or _PAGE)
    return {"object": "list", "data": list[Json](page), "has_more": has_more, "url": url}


def _page(found: list[Obj], params: Params, limit: int) -> tuple[list[Obj], bool]:
    after, before = params.maybe_text("starting_after"), params.maybe_text("ending_before")
    if after is not None and before is not None:
        raise Refusal("You may only specify one of these parameters: starting_after, ending_before.")
    if before is not None:
        newer = found[: _place(found, before, "ending_before")]
        return newer[-limit:], len(newer) > limit
    rest = found if after is None else found[_place(found, after, "starting_after") + 1 :]
    return rest[:limit], len(rest) > limit


def _place(found: list[Obj], object_id: str, param: str) -> int:
    for index, obj in enumerate(found):
        if text_of(obj, "id") == object_id:
            return index
    raise no_such("object", object_id, param)


def _created_in(obj: Obj, wanted: Json) -> bool:
    if wanted is None:
        return True
    at = whole_of(obj, "created")
    if not isinstance(wanted, dict):
        return at == wanted
    bounds = {name: whole_of(wanted, name) for name in wanted}
    return bounds.get("gt", at - 1) < at < bounds.get("lt", at + 1) and bounds.get(
        "gte", at
    ) <= at <= bounds.get("lte", at)
