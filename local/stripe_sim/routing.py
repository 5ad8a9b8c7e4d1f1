"""The table of calls: method, path, which typed params of the SDK describe it, and what of them is really done."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from local.stripe_sim.errors import no_route, unsupported
from local.stripe_sim.shapes import Obj, Params
from local.stripe_sim.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request, validated; `ids` are the path's, `world` is what belongs to the account that is spoken for."""

    world: World
    platform: World
    ids: tuple[str, ...]
    params: Params
    hosted_at: str = "https://connect.stripe.com"  # where Stripe's own pages are
    filename: str = ""
    upload: bytes = b""

    @property
    def id(self) -> str:
        return self.ids[0]


type Act = Callable[[Call], Obj]

PAGE = "limit starting_after ending_before"
PAGING = f"{PAGE} created"


@dataclass(frozen=True, slots=True)
class Route:
    method: str
    path: str
    params: type
    act: Act
    does: frozenset[str]
    is_for_accounts: bool = False  # whether the platform may call it for a connected account

    @property
    def is_list(self) -> bool:
        return "limit" in self.does

    def matches(self, path: str) -> tuple[str, ...] | None:
        match = re.fullmatch(re.sub(r"\{\w+\}", "([^/]+)", self.path), path)
        return None if match is None else match.groups()

    def check_supported(self, params: Params) -> None:
        """What Stripe knows and this simulator does not is refused, never ignored."""
        ignored = set(params.values) - self.does - {"expand"}
        if ignored:
            raise unsupported(ignored)


def get(path: str, params: type, act: Act, does: str = "", *, for_accounts: bool = False) -> Route:
    return Route("GET", path, params, act, frozenset(does.split()), for_accounts)


def post(path: str, params: type, act: Act, does: str = "", *, for_accounts: bool = False) -> Route:
    return Route("POST", path, params, act, frozenset(does.split()), for_accounts)


def delete(path: str, params: type, act: Act) -> Route:
    return Route("DELETE", path, params, act, frozenset())


def chosen(routes: Iterable[Route], method: str, path: str) -> tuple[Route, tuple[str, ...]]:
    for route in routes:
        if route.method == method and (ids := route.matches(path)) is not None:
            return route, ids
    raise no_route(method, path)


type Routes = Sequence[Route]
