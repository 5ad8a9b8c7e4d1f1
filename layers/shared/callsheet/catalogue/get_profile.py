"""A profile's public page."""

from callsheet.catalogue.deps import CatalogueDeps
from callsheet.catalogue.model import ProfileView
from callsheet.catalogue.rules import check_visible
from callsheet.catalogue.store import stored_profile
from callsheet.catalogue.views import views_of
from callsheet.kernel.principal import Principal


def get_profile(profile_id: str, caller: Principal, _deps: CatalogueDeps) -> ProfileView:
    """Raises ProfileNotFound also for a draft, except to its owner."""
    profile = stored_profile(profile_id).document
    check_visible(profile, caller)
    (view,) = views_of([profile])
    return view
