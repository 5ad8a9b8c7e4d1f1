"""A profile becomes visible, and can be booked."""

from callsheet.catalogue.deps import CatalogueDeps
from callsheet.catalogue.model import OwnProfileView
from callsheet.catalogue.publication import set_published
from callsheet.kernel.principal import Principal


def publish_profile(profile_id: str, caller: Principal, deps: CatalogueDeps) -> OwnProfileView:
    """Raises ProfileNotFound, Forbidden where it is somebody else's, ProfileIncomplete where it lacks something."""
    return set_published(profile_id, caller, deps, to=True)
