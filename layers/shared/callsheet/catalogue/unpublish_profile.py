"""A profile becomes a draft again: nobody can book it, and what is booked stays booked."""

from callsheet.catalogue.deps import CatalogueDeps
from callsheet.catalogue.model import OwnProfileView
from callsheet.catalogue.publication import set_published
from callsheet.kernel.principal import Principal


def unpublish_profile(profile_id: str, caller: Principal, deps: CatalogueDeps) -> OwnProfileView:
    """Raises ProfileNotFound, Forbidden where the profile is somebody else's."""
    return set_published(profile_id, caller, deps, to=False)
