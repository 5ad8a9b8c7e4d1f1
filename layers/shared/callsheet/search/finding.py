"""One page of results, whichever kind of thing is searched for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from callsheet.gateways.searching import FacetCount, Found, Hit
from callsheet.kernel.errors import Forbidden
from callsheet.kernel.principal import Principal
from callsheet.search.asking import WINDOW, asks_of, is_ranked
from callsheet.search.deps import SearchDeps
from callsheet.search.fairness import arranged
from callsheet.search.filters import centre_of, radius_of
from callsheet.search.pages import next_cursor, offset_of
from callsheet.search.queries import PeopleQuery, SearchQuery, StudioQuery
from callsheet.search.ranking import Ranked, Wish, ranked
from callsheet.search.schemas import Kind


@dataclass(frozen=True, slots=True)
class Result:
    """A hit, and how it was ranked where we ranked it and somebody wants to know."""

    hit: Hit
    ranked: Ranked | None = None


@dataclass(frozen=True, slots=True)
class Results:
    items: tuple[Result, ...]
    total: int
    facets: Mapping[str, Sequence[FacetCount]]
    next_cursor: str | None


def find(
    kind: Kind, query: PeopleQuery | StudioQuery, shown: tuple[str, ...], caller: Principal, deps: SearchDeps
) -> Results:
    """One call to the engine, and none to DynamoDB.

    Raises InvalidFilter, InvalidCursor, ListChanged, SearchUnavailable, CollectionMissing, and Forbidden where somebody
    else than an admin wants explanations.
    """
    if query.explain and not caller.is_admin:
        raise Forbidden("Only an admin may ask why results stand where they stand")
    cursors = deps.cursors()
    offset = offset_of(kind, query, cursors)
    found, *counted = deps.engine.search(asks_of(kind, query, shown, offset))
    items = _page(found, query, offset, deps)
    return Results(
        items=items,
        total=found.total,
        facets={str(facet): one.counts for facet, one in zip(query.facets or (), counted, strict=True)},
        next_cursor=next_cursor(kind, query, cursors, offset + len(items), found.total),
    )


def _page(found: Found, query: SearchQuery, offset: int, deps: SearchDeps) -> tuple[Result, ...]:
    if not is_ranked(query):
        return tuple(Result(hit) for hit in found.hits)
    best = ranked(found.hits, wish_of(query, deps), deps.rules)
    if offset < WINDOW:
        best = arranged(best, deps.rules)
    start = offset % WINDOW
    page = best[start : start + query.limit]
    return tuple(Result(one.hit, one if query.explain else None) for one in page)


def wish_of(query: SearchQuery, deps: SearchDeps) -> Wish:
    return Wish(
        now=deps.clock.now(),
        has_text=query.q is not None,
        centre=centre_of(query),
        radius_km=radius_of(query),
        currency=query.currency,
        price_minor=_wished_price(query),
    )


def _wished_price(query: SearchQuery) -> int | None:
    """The middle of a span, or its low end; to who only says the most they pay, everybody within it is as good."""
    if query.min_price_minor is None:
        return None
    if query.max_price_minor is None:
        return query.min_price_minor
    return (query.min_price_minor + query.max_price_minor) // 2
