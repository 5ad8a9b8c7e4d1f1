"""Profiles as callers see them, with what they sell and what they are rated."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import batched, chain

from callsheet.catalogue.completeness import completeness_of
from callsheet.catalogue.conduct import Conduct
from callsheet.catalogue.conduct_store import ConductItem, conduct_key
from callsheet.catalogue.model import OwnProfileView, Profile, ProfileView, Rating
from callsheet.catalogue.selling import Service
from callsheet.catalogue.store import ProfileItem, RatingItem, ServiceItem, rating_key, service_key
from callsheet.platform.read import MAX_KEYS, get_together


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside profiles: services, ratings, and for who ranks how reliable they are, by id."""

    services: Mapping[str, Service]
    ratings: Mapping[str, Rating]
    conducts: Mapping[str, Conduct]

    def services_of(self, profile: Profile) -> list[Service]:
        """Those of one profile, oldest first."""
        return [self.services[service_id] for service_id in profile.service_ids]

    def rating_of(self, profile: Profile) -> Rating:
        return self.ratings.get(profile.id, Rating())

    def conduct_of(self, profile: Profile) -> Conduct:
        return self.conducts.get(profile.id, Conduct())


NOTHING = Beside({}, {}, {})


def read_beside(profiles: Sequence[Profile], *, with_conduct: bool = False) -> Beside:
    """One batch read for each hundred things of all of them together."""
    keys = [rating_key(profile.id) for profile in profiles]
    keys += map(service_key, chain.from_iterable(profile.service_ids for profile in profiles))
    if with_conduct:
        keys += [conduct_key(profile.id) for profile in profiles]
    items = [item for some in batched(keys, MAX_KEYS, strict=False) for item in get_together(some)]
    return Beside(
        {item.pk: item.document for item in items if isinstance(item, ServiceItem)},
        {item.pk: rating_of(item) for item in items if isinstance(item, RatingItem)},
        {item.pk: item.document for item in items if isinstance(item, ConductItem)},
    )


def views_of(profiles: Sequence[Profile]) -> tuple[ProfileView, ...]:
    """What everybody sees."""
    beside = read_beside(profiles)
    return tuple(_view_of(profile, beside) for profile in profiles)


def own_views_of(items: Sequence[ProfileItem]) -> tuple[OwnProfileView, ...]:
    """What their owner sees."""
    beside = read_beside([item.document for item in items])
    return tuple(own_view_of(item, beside) for item in items)


def own_view_of(item: ProfileItem, beside: Beside) -> OwnProfileView:
    profile = item.document
    services = beside.services_of(profile)
    return OwnProfileView.model_validate(
        _shown(profile, beside)
        | {
            "services": tuple(services),
            "version": item.version,
            "postal_code": profile.postal_code,
            "completeness": completeness_of(profile, services),
        }
    )


def _view_of(profile: Profile, beside: Beside) -> ProfileView:
    sold = tuple(service for service in beside.services_of(profile) if service.is_active)
    return ProfileView.model_validate(_shown(profile, beside) | {"services": sold})


def rating_of(item: RatingItem) -> Rating:
    average = round(item.stars / item.reviews, 2) if item.reviews else None
    return Rating(reviews=item.reviews, stars=item.stars, average=average)


def _shown(profile: Profile, beside: Beside) -> dict[str, object]:
    own: dict[str, object] = {
        name: getattr(profile, name) for name in Profile.model_fields if name in ProfileView.model_fields
    }
    home = profile.home.shown() if profile.home else None
    return own | {"home": home, "rating": beside.rating_of(profile)}
