"""PATCH /v1/me/profiles/{profile_id}: an owner changes what a profile shows.

What is absent stays, null takes away. `version` is the one that was read: another change in between is 409 `stale`. A
handle is the first one's who asks; with another handle the old one is free. A published profile keeps what publishing
it needed.
"""

from callsheet import wiring
from callsheet.catalogue.errors import (
    HandleReserved,
    HandleTaken,
    OtherRole,
    PictureNotUsable,
    ProfileIncomplete,
    ProfileNotFound,
    SlugTaken,
)
from callsheet.catalogue.model import OwnProfileView, UpdateProfile
from callsheet.catalogue.update_profile import update_profile
from callsheet.http.endpoint import endpoint
from callsheet.kernel.principal import Principal
from callsheet.platform.stale import Stale


@endpoint(
    errors=(
        ProfileNotFound,
        Stale,
        HandleTaken,
        HandleReserved,
        OtherRole,
        PictureNotUsable,
        ProfileIncomplete,
        SlugTaken,
    )
)
def handler(profile_id: str, body: UpdateProfile, caller: Principal) -> OwnProfileView:
    return update_profile(profile_id, body, caller, wiring.editing())
