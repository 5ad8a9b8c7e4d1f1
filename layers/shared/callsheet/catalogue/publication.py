"""Showing a profile to everybody, and taking it back: one step in two directions."""

from callsheet.catalogue.completeness import check_complete
from callsheet.catalogue.deps import CatalogueDeps
from callsheet.catalogue.events import ProfilePublished, ProfileUnpublished
from callsheet.catalogue.model import OwnProfileView
from callsheet.catalogue.rules import check_own
from callsheet.catalogue.store import save_profile, stored_profile
from callsheet.catalogue.views import own_view_of, read_beside
from callsheet.kernel.principal import Principal
from callsheet.platform.stale import decided_anew
from callsheet.platform.transaction import Transaction


def set_published(profile_id: str, caller: Principal, deps: CatalogueDeps, *, to: bool) -> OwnProfileView:
    """What is so already stays so, and nothing is told of it. Raises ProfileIncomplete on the way out."""
    return decided_anew(lambda: _set(profile_id, caller, deps, to=to))


def _set(profile_id: str, caller: Principal, deps: CatalogueDeps, *, to: bool) -> OwnProfileView:
    item = stored_profile(profile_id)
    profile = item.document
    check_own(profile, caller)
    beside = read_beside([profile])
    if profile.is_published is to:
        return own_view_of(item, beside)
    if to:
        check_complete(profile, beside.services_of(profile))
    event = ProfilePublished if to else ProfileUnpublished
    txn = Transaction(caller, deps.clock.now())
    save_profile(txn, item, profile.model_copy(update={"is_published": to}))
    txn.publish(
        event(profile_id=profile.id, user_id=profile.user_id, role=profile.role, profile_version=item.version)
    )
    txn.commit()
    return own_view_of(item, beside)
