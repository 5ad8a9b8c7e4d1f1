"""Who may do what with a profile, and how much of everything there may be: pure decisions."""

from collections.abc import Mapping, Sequence

from pydantic import ValidationError

from callsheet.catalogue.deps import Picture
from callsheet.catalogue.errors import (
    HandleReserved,
    InvalidTerms,
    OtherRole,
    PictureNotUsable,
    ProfileNotFound,
    TooManyProfiles,
    TooManyServices,
)
from callsheet.catalogue.home import StoredHome
from callsheet.catalogue.model import Profile, UpdateProfile
from callsheet.catalogue.naming import is_reserved
from callsheet.catalogue.selling import MAX_DESCRIBED, TOO_LONG, Service, UpdateService, described
from callsheet.kernel.errors import Forbidden
from callsheet.kernel.principal import Principal, Role

# Ten profiles are more than there are roles; what a user has is read together, in batches of a hundred.
MAX_PROFILES = 10
MAX_SERVICES = 50


def check_may_have_profiles(caller: Principal) -> None:
    if not caller.has_any(Role.PROVIDER, Role.CREATOR):
        raise Forbidden("Only a provider or a creator has profiles")


def may_see(profile: Profile, caller: Principal) -> bool:
    """A draft is its owner's alone."""
    return profile.is_published or profile.user_id == caller.id


def check_visible(profile: Profile, caller: Principal) -> None:
    """To who may not see it a draft does not exist. Raises ProfileNotFound."""
    if not may_see(profile, caller):
        raise ProfileNotFound


def check_own(profile: Profile, caller: Principal) -> None:
    check_visible(profile, caller)
    if profile.user_id != caller.user_id:
        raise Forbidden("Only its owner may change a profile")


def check_room_for_profile(profile_ids: tuple[str, ...]) -> None:
    if len(profile_ids) >= MAX_PROFILES:
        raise TooManyProfiles(extra={"maximum": MAX_PROFILES})


def check_room_for_service(profile: Profile) -> None:
    if len(profile.service_ids) >= MAX_SERVICES:
        raise TooManyServices(extra={"maximum": MAX_SERVICES})


def updated(profile: Profile, command: UpdateProfile) -> Profile:
    """What becomes of a profile; its slug is not decided here. Raises HandleReserved, OtherRole."""
    if command.handle is not None and command.handle != profile.handle and is_reserved(command.handle):
        raise HandleReserved
    if command.details is not None and command.details.role is not profile.role:
        raise OtherRole(extra={"role": profile.role.value})
    changes: dict[str, object] = {
        name: getattr(command, name) for name in command.model_fields_set if name != "version"
    }
    if command.home is not None:
        changes["home"] = StoredHome.of(command.home)
    for name in ("languages", "picture_ids"):
        if name in changes:
            changes[name] = changes[name] or ()
    return profile.model_copy(update=changes)


def resold(service: Service, command: UpdateService) -> Service:
    """What becomes of a service. Raises InvalidTerms."""
    try:
        after = Service.model_validate(service.model_dump() | command.changes)
    except ValidationError as error:
        raise InvalidTerms("; ".join(finding["msg"] for finding in error.errors()[:3])) from error
    if described(after) > max(MAX_DESCRIBED, described(service)):
        raise InvalidTerms(TOO_LONG)
    return after


def new_pictures(before: Profile, after: Profile) -> tuple[str, ...]:
    """Those that must be looked at: a picture that was shown once may always be."""
    return tuple(picture_id for picture_id in after.picture_ids if picture_id not in before.picture_ids)


def check_pictures(picture_ids: Sequence[str], profile: Profile, found: Mapping[str, Picture]) -> None:
    usable = Picture(profile.user_id, is_ready=True)
    refused = [picture_id for picture_id in picture_ids if found.get(picture_id) != usable]
    if refused:
        raise PictureNotUsable(extra={"picture_ids": refused})
