"""One of the caller's own profiles, with what only its owner sees."""

from callsheet.catalogue.deps import CatalogueDeps
from callsheet.catalogue.model import OwnProfileView
from callsheet.catalogue.rules import check_own
from callsheet.catalogue.store import stored_profile
from callsheet.catalogue.views import own_views_of
from callsheet.kernel.principal import Principal


def get_own_profile(profile_id: str, caller: Principal, _deps: CatalogueDeps) -> OwnProfileView:
    """Raises ProfileNotFound, Forbidden where the profile is somebody else's."""
    item = stored_profile(profile_id)
    check_own(item.document, caller)
    (view,) = own_views_of([item])
    return view
