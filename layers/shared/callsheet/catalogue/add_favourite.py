"""Somebody keeps a profile."""

from datetime import datetime

from callsheet.catalogue import favourites
from callsheet.catalogue.cards import favourite_views
from callsheet.catalogue.deps import CatalogueDeps
from callsheet.catalogue.favourites import FavouriteItem, FavouriteView, favourite_key
from callsheet.catalogue.rules import check_visible
from callsheet.catalogue.store import profile_from, profile_key
from callsheet.kernel.principal import Principal
from callsheet.platform.read import get_together
from callsheet.platform.stale import decided_anew
from callsheet.platform.transaction import Transaction


def add_favourite(profile_id: str, caller: Principal, deps: CatalogueDeps) -> FavouriteView:
    """What is kept stays as it was kept first. Raises ProfileNotFound also for a draft of somebody else's."""
    item = decided_anew(lambda: _add(profile_id, caller, deps.clock.now()))
    (view,) = favourite_views([item])
    return view


def _add(profile_id: str, caller: Principal, now: datetime) -> FavouriteItem:
    profile, kept = get_together([profile_key(profile_id), favourite_key(caller.user_id, profile_id)])
    if isinstance(kept, FavouriteItem):
        return kept
    check_visible(profile_from(profile).document, caller)
    txn = Transaction(caller, now)
    item = favourites.add_favourite(txn, caller.user_id, profile_id, now)
    txn.commit()
    return item
