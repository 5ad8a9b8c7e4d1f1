"""Showing a profile to everybody, and taking it back: one step in two directions."""

from callsheet.catalogue.deps import CatalogueDeps
from callsheet.catalogue.events import ProfilePublished, ProfileUnpublished
from callsheet.catalogue.model import Profile, ProfileView
from callsheet.catalogue.rules import check_own
from callsheet.catalogue.store import save_profile, stored_profile
from callsheet.catalogue.views import views_of
from callsheet.kernel.principal import Principal
from callsheet.platform.stale import decided_anew
from callsheet.platform.transaction import Transaction


def set_published(profile_id: str, caller: Principal, deps: CatalogueDeps, *, to: bool) -> ProfileView:
    """What is so already stays so, and nothing is told of it."""
    (view,) = views_of([decided_anew(lambda: _set(profile_id, caller, deps, to=to))])
    return view


def _set(profile_id: str, caller: Principal, deps: CatalogueDeps, *, to: bool) -> Profile:
    item = stored_profile(profile_id)
    profile = item.document
    check_own(profile, caller)
    if profile.is_published is to:
        return profile
    event = ProfilePublished if to else ProfileUnpublished
    changed = profile.model_copy(update={"is_published": to})
    txn = Transaction(caller, deps.clock.now())
    save_profile(txn, item, changed)
    txn.publish(event(profile_id=profile.id, user_id=profile.user_id, role=profile.role))
    txn.commit()
    return changed
