"""Who may do what with a profile, and how much of everything there may be: pure decisions."""

from callsheet.catalogue.errors import ProfileNotFound, TooManyProfiles, TooManyServices
from callsheet.catalogue.model import Profile
from callsheet.kernel.errors import Forbidden
from callsheet.kernel.principal import Principal, Role

# Ten profiles are more than there are roles; what a user has is read together, in batches of a hundred.
MAX_PROFILES = 10
MAX_SERVICES = 50


def check_may_have_profiles(caller: Principal) -> None:
    if not caller.has_any(Role.PROVIDER, Role.CREATOR):
        raise Forbidden("Only a provider or a creator has profiles")


def check_visible(profile: Profile, caller: Principal) -> None:
    """A draft is its owner's alone; to others it does not exist."""
    if not profile.is_published and profile.user_id != caller.id:
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
