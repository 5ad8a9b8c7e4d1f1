"""The caller's own profiles, drafts included."""

from callsheet.catalogue.deps import CatalogueDeps
from callsheet.catalogue.model import ProfileList
from callsheet.catalogue.store import PortfolioItem, ProfileItem, portfolio_key, profile_key
from callsheet.catalogue.views import own_views_of
from callsheet.kernel.principal import Principal
from callsheet.platform.read import get_together


def list_my_profiles(caller: Principal, _deps: CatalogueDeps) -> ProfileList:
    """Three batch reads: which there are, the profiles, and what they sell."""
    (portfolio,) = get_together([portfolio_key(caller.user_id)])
    if not isinstance(portfolio, PortfolioItem):
        return ProfileList(items=())
    found = get_together([profile_key(profile_id) for profile_id in portfolio.document.profile_ids])
    return ProfileList(items=own_views_of([item for item in found if isinstance(item, ProfileItem)]))
