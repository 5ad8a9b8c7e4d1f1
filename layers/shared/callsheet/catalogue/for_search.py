"""What the search shows of profiles: those that are published, with what they sell and what they are rated."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from callsheet.catalogue.conduct import Conduct
from callsheet.catalogue.model import Profile, Rating
from callsheet.catalogue.selling import Service
from callsheet.catalogue.store import (
    PUBLISHED_SHARDS,
    ProfileItem,
    profile_key,
    published_ids,
    published_in,
)
from callsheet.catalogue.views import read_beside
from callsheet.platform.table import Table

__all__ = ["PUBLISHED_SHARDS", "Place", "Shown", "candidates", "profile_key", "published_ids", "shown_among"]


@dataclass(frozen=True, slots=True)
class Shown:
    """A published profile at a version; `services` are those that can be booked, oldest first.

    `conduct` is for ranking alone: nobody is shown it.
    """

    profile: Profile
    version: int
    services: tuple[Service, ...]
    rating: Rating
    conduct: Conduct = field(default_factory=Conduct)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a list of candidates goes on: behind this one."""

    role: str
    key: str


def candidates(
    roles: Sequence[str], city: str | None, after: Place | None, most: int
) -> list[tuple[Place, Shown]]:
    """Published profiles, role by role, of one city or all, each with its place; at most `most`.

    One query a role until there are enough, and one batch read for each hundred things beside them.
    """
    items: list[ProfileItem] = []
    for role in sorted(roles):
        if len(items) == most or (after is not None and role < after.role):
            continue
        behind = after.key if after is not None and role == after.role else None
        items += published_in(role, city, behind, most - len(items))
    shown = shown_among(items)
    return [
        (Place(item.document.role, item.place_key or ""), shown[item.pk])
        for item in items
        if item.pk in shown
    ]


def shown_among(items: Sequence[Table | None]) -> Mapping[str, Shown]:
    """Those that are published among what was read, by id; one batch read for each hundred things beside them."""
    published = [item for item in items if isinstance(item, ProfileItem) and item.document.is_published]
    beside = read_beside([item.document for item in published], with_conduct=True)
    return {
        item.document.id: Shown(
            item.document,
            item.version,
            tuple(service for service in beside.services_of(item.document) if service.is_active),
            beside.rating_of(item.document),
            beside.conduct_of(item.document),
        )
        for item in published
    }
