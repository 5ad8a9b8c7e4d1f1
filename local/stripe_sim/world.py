"""All that the simulator remembers: objects by kind, what Stripe keeps beside them, and the clock."""

import secrets
import string
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime

from local.stripe_sim.cards import Card
from local.stripe_sim.errors import no_such
from local.stripe_sim.shapes import Json, Obj, Params, inner_of, text_of
from local.stripe_sim.standing import Standing

_ALPHABET = string.ascii_letters + string.digits

type Tell = Callable[["World", str, Obj, Mapping[str, Json] | None], None]


def new_id(prefix: str) -> str:
    """An id as Stripe writes them."""
    return f"{prefix}_{'' if prefix == 'cus' else '1'}{_random(23)}"


def new_secret(object_id: str) -> str:
    return f"{object_id}_secret_{_random(25)}"


def _random(length: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


@dataclass(slots=True)
class Link:
    """A hosted form that was linked to: whose it is, where it leads, until when, and whether it has been used."""

    account: str
    return_url: str
    refresh_url: str
    expires_at: int
    is_used: bool = False


@dataclass(slots=True)
class World:
    """What belongs to one account: the platform's world, with one of each connected account beside it.

    `tell` is told each event: whose it is, its type, the object, and what attributes of it were before.
    """

    now: Callable[[], datetime]
    tell: Tell
    account: str | None = None  # None is the platform
    connected: dict[str, "World"] = field(default_factory=dict)
    objects: dict[str, dict[str, Obj]] = field(default_factory=dict)
    cards: dict[str, Card] = field(default_factory=dict)  # by payment method
    used: set[str] = field(default_factory=set)  # payment methods that paid without being attached
    set_up: set[str] = field(default_factory=set)  # payment methods authenticated for later use
    included: dict[tuple[str, str], Json] = field(
        default_factory=dict
    )  # (id, attribute): shown when expanded
    lines: dict[str, list[Obj]] = field(default_factory=dict)  # of tax calculations and transactions
    standings: dict[str, Standing] = field(default_factory=dict)  # by account
    links: dict[str, Link] = field(default_factory=dict)  # hosted forms by token
    failing: dict[str, str] = field(
        default_factory=dict
    )  # external accounts whose payouts fail: with which code
    refund_fails_for: str | None = None  # why the next refund fails as soon as it is made
    paid_on: str = ""  # the last day that automatic payouts were thought of
    paid_out: dict[str, str] = field(
        default_factory=dict
    )  # the automatic payout that took a balance transaction

    def of(self, account_id: str) -> "World":
        """What belongs to a connected account of this platform."""
        return self.connected.setdefault(account_id, World(self.now, self.tell, account_id))

    def anywhere(self, kind: str, object_id: str) -> Obj | None:
        """An object here, or of one of the connected accounts."""
        worlds = (self, *self.connected.values())
        return next((found for world in worlds if (found := world.kept(kind).get(object_id))), None)

    def emit(self, event: str, obj: Obj, before: Mapping[str, Json] | None = None) -> None:
        self.tell(self, event, obj, before)

    def timestamp(self) -> int:
        return int(self.now().timestamp())

    def keep(self, obj: Obj) -> Obj:
        self.kept(text_of(obj, "object"))[text_of(obj, "id")] = obj
        return obj

    def kept(self, kind: str) -> dict[str, Obj]:
        """All objects of one kind by id, oldest first."""
        return self.objects.setdefault(kind, {})

    def find(self, kind: str, object_id: str, param: str | None = None) -> Obj:
        """The object itself, to change. Raises Refusal: 404, or 400 where the parameter `param` named it."""
        found = self.kept(kind).get(object_id)
        if found is None:
            raise no_such(kind, object_id, param)
        return found

    def change(self, event: str, obj: Obj, **changes: Json) -> Obj:
        """Change attributes and tell what they were."""
        before = {name: deepcopy(obj.get(name)) for name, value in changes.items() if obj.get(name) != value}
        obj.update(changes)
        self.emit(event, obj, before)
        return obj

    def clear(self) -> None:
        for known in (self.objects, self.cards, self.connected, self.included, self.standings, self.links):
            known.clear()
        for also in (self.used, self.set_up, self.failing, self.paid_out, self.lines):
            also.clear()
        self.refund_fails_for = None


def merged_metadata(obj: Obj, params: Params) -> Obj:
    """Metadata after a request: given keys are set, empty ones unset, and '' unsets all (Stripe, "Metadata")."""
    present = inner_of(obj, "metadata") if obj.get("metadata") is not None else {}
    given = params.values.get("metadata")
    if given == "":
        return {}
    if not isinstance(given, dict):
        return present
    both = present | given
    return {key: value for key, value in both.items() if value != ""}


def created_metadata(params: Params) -> Obj:
    return merged_metadata({}, params)


def updated(obj: Obj, params: Params, names: frozenset[str]) -> dict[str, Json]:
    """The plain attributes that a request sets; '' unsets one."""
    changes: dict[str, Json] = {
        name: None if params.values[name] == "" else params.values[name] for name in names if name in params
    }
    if "metadata" in params:
        changes["metadata"] = merged_metadata(obj, params)
    return changes
