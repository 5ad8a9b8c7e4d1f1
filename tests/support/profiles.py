"""Profiles with all that publishing one needs."""

from collections.abc import Callable, Mapping

from callsheet.catalogue.deps import EditingDeps, Picture
from callsheet.catalogue.get_own_profile import get_own_profile
from callsheet.catalogue.model import OwnProfileView, ProfileView, UpdateProfile
from callsheet.catalogue.update_profile import update_profile
from callsheet.kernel.clock import Clock
from callsheet.kernel.principal import Principal

PORTLAND: Mapping[str, object] = {
    "city": "Portland",
    "country": "US",
    "latitude": 45.5152,
    "longitude": -122.6784,
}
SESSION: Mapping[str, object] = {
    "title": "Two hours",
    "price": {"amount_minor": 30_000, "currency": "USD"},
    "duration_minutes": 120,
}
_TELLING: Mapping[str, Mapping[str, object]] = {
    "model": {"genres": ["editorial", "commercial"], "height_cm": 178, "experience": "established"},
    "creator": {"platforms": [{"platform": "instagram", "followers": 12_000}]},
}


def page_of(role: str = "photographer", /, **changed: object) -> dict[str, object]:
    """The body of a PATCH after which only a service is missing; `version` is to be added."""
    details = {"role": role, **_TELLING.get(role, {"specialties": ["portraits"]})}
    return {
        "headline": "Daylight and patience",
        "languages": ["en"],
        "home": dict(PORTLAND),
        "details": details,
        **changed,
    }


def no_pictures(_picture_ids: object) -> Mapping[str, Picture]:
    return {}


def filled(
    profile: ProfileView,
    owner: Principal,
    clock: Clock,
    pictures: Callable[[object], Mapping[str, Picture]] = no_pictures,
    **changed: object,
) -> OwnProfileView:
    """The profile with a headline, languages, a home and details."""
    deps = EditingDeps(clock=clock, pictures=pictures)
    version = get_own_profile(profile.id, owner, deps).version
    asked = page_of(profile.role.value, **changed)
    return update_profile(
        profile.id, UpdateProfile.model_validate({**asked, "version": version}), owner, deps
    )
