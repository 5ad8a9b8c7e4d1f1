"""What the caller keeps."""

from callsheet.kernel.principal import Principal
from callsheet.search.saved import SavedSearchList, saved_view
from callsheet.search.saved_store import stored_saved


def list_saved_searches(caller: Principal) -> SavedSearchList:
    """One read."""
    return SavedSearchList(items=tuple(map(saved_view, stored_saved(caller.user_id).document.searches)))
