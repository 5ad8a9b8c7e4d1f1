"""Profiles as callers see them, with what they sell."""

from collections.abc import Mapping, Sequence
from itertools import batched, chain

from callsheet.catalogue.completeness import completeness_of
from callsheet.catalogue.model import OwnProfileView, Profile, ProfileView
from callsheet.catalogue.selling import Service
from callsheet.catalogue.store import ProfileItem, ServiceItem, service_key
from callsheet.platform.read import MAX_KEYS, get_together

type ServicesById = Mapping[str, Service]


def views_of(profiles: Sequence[Profile]) -> tuple[ProfileView, ...]:
    """What everybody sees: one batch read for each hundred services of all of them together, none for none."""
    services = services_by_id(profiles)
    return tuple(view_of(profile, services_of(profile, services)) for profile in profiles)


def own_views_of(items: Sequence[ProfileItem]) -> tuple[OwnProfileView, ...]:
    """What their owner sees, read in the same way."""
    services = services_by_id([item.document for item in items])
    return tuple(own_view_of(item, services_of(item.document, services)) for item in items)


def view_of(profile: Profile, services: Sequence[Service]) -> ProfileView:
    return ProfileView.model_validate(
        _shown(profile) | {"services": tuple(service for service in services if service.is_active)}
    )


def own_view_of(item: ProfileItem, services: Sequence[Service]) -> OwnProfileView:
    profile = item.document
    return OwnProfileView.model_validate(
        _shown(profile)
        | {
            "services": tuple(services),
            "version": item.version,
            "postal_code": profile.postal_code,
            "completeness": completeness_of(profile, services),
        }
    )


def services_by_id(profiles: Sequence[Profile]) -> ServicesById:
    service_ids = list(chain.from_iterable(profile.service_ids for profile in profiles))
    items = (
        item
        for some in batched(service_ids, MAX_KEYS, strict=False)
        for item in get_together([service_key(service_id) for service_id in some])
    )
    return {item.pk: item.document for item in items if isinstance(item, ServiceItem)}


def services_of(profile: Profile, services: ServicesById) -> list[Service]:
    """Those of one profile, oldest first."""
    return [services[service_id] for service_id in profile.service_ids]


def _shown(profile: Profile) -> dict[str, object]:
    own: dict[str, object] = {
        name: getattr(profile, name) for name in Profile.model_fields if name in ProfileView.model_fields
    }
    return own | {"home": profile.home.shown() if profile.home else None}
