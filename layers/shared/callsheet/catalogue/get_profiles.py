"""The public pages behind ids, read together."""

from collections.abc import Mapping, Sequence
from itertools import batched

from callsheet.catalogue.model import ProfileView
from callsheet.catalogue.rules import may_see
from callsheet.catalogue.store import ProfileItem, profile_key
from callsheet.catalogue.views import views_of
from callsheet.kernel.ids import has_prefix
from callsheet.kernel.principal import Principal
from callsheet.platform.read import MAX_KEYS, get_together


def get_profiles(ids: Sequence[str], caller: Principal) -> Mapping[str, ProfileView]:
    """Those of `ids` that the caller may see, drafts of their own included.

    One batch read for each hundred of them, and one for each hundred things that stand beside them.
    """
    wanted = [one for one in dict.fromkeys(ids) if has_prefix(one, "prf")]
    found = (
        item.document
        for some in batched(wanted, MAX_KEYS, strict=False)
        for item in get_together([profile_key(one) for one in some])
        if isinstance(item, ProfileItem)
    )
    return {view.id: view for view in views_of([profile for profile in found if may_see(profile, caller)])}
