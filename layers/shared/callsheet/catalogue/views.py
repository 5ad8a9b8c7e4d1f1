"""Profiles as callers see them, with what they sell."""

from collections.abc import Sequence
from itertools import batched, chain

from callsheet.catalogue.model import Profile, ProfileView, Service
from callsheet.catalogue.store import ServiceItem, service_key
from callsheet.platform.read import MAX_KEYS, get_together


def views_of(profiles: Sequence[Profile]) -> tuple[ProfileView, ...]:
    """One batch read for each hundred services of all of them together; none where there are none."""
    service_ids = list(chain.from_iterable(profile.service_ids for profile in profiles))
    services = _services(service_ids)
    return tuple(view_of(profile, [services[one] for one in profile.service_ids]) for profile in profiles)


def view_of(profile: Profile, services: Sequence[Service]) -> ProfileView:
    own = profile.model_dump(exclude={"is_default", "service_ids"})
    return ProfileView(**own, services=tuple(service for service in services if service.is_active))


def _services(service_ids: Sequence[str]) -> dict[str, Service]:
    items = (
        item
        for some in batched(service_ids, MAX_KEYS, strict=False)
        for item in get_together([service_key(service_id) for service_id in some])
    )
    return {item.pk: item.document for item in items if isinstance(item, ServiceItem)}
