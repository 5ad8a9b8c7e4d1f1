"""An owner changes what a profile shows."""

from callsheet.catalogue.completeness import check_stays_complete, completeness_of
from callsheet.catalogue.deps import EditingDeps
from callsheet.catalogue.errors import SlugTaken
from callsheet.catalogue.events import ProfileUpdated
from callsheet.catalogue.model import OwnProfileView, Profile, UpdateProfile
from callsheet.catalogue.naming import slugs_for
from callsheet.catalogue.rules import check_own, check_pictures, new_pictures, updated
from callsheet.catalogue.store import save_profile, stored_profile
from callsheet.catalogue.views import own_view_of, read_beside
from callsheet.kernel.principal import Principal
from callsheet.platform.stale import Stale
from callsheet.platform.transaction import Transaction


def update_profile(
    profile_id: str, command: UpdateProfile, caller: Principal, deps: EditingDeps
) -> OwnProfileView:
    """Two reads, a third where there are new pictures, and one transaction; none where nothing changes.

    Raises Stale where the profile is no longer at the version the caller has read, HandleTaken, HandleReserved,
    OtherRole, PictureNotUsable, and ProfileIncomplete where a published profile would lose what it must have.
    """
    try:
        return _update(profile_id, command, caller, deps, choice=0)
    except SlugTaken:
        return _update(profile_id, command, caller, deps, choice=1)


def _update(
    profile_id: str, command: UpdateProfile, caller: Principal, deps: EditingDeps, *, choice: int
) -> OwnProfileView:
    item = stored_profile(profile_id)
    before = item.document
    check_own(before, caller)
    if command.version != item.version:
        raise Stale
    after = _with_slug(updated(before, command), choice)
    beside = read_beside([before])
    services = beside.services_of(before)
    if after == before:
        return own_view_of(item, beside)
    if before.is_published:
        check_stays_complete(completeness_of(before, services), completeness_of(after, services))
    if added := new_pictures(before, after):
        check_pictures(added, before, deps.pictures(added))
    txn = Transaction(caller, deps.clock.now())
    save_profile(txn, item, after)
    txn.publish(
        ProfileUpdated(
            profile_id=after.id,
            user_id=after.user_id,
            role=after.role,
            profile_version=item.version,
            is_published=after.is_published,
        )
    )
    txn.commit()
    return own_view_of(item, beside)


def _with_slug(profile: Profile, choice: int) -> Profile:
    """A slug stays as long as the title is one that makes it."""
    slugs = slugs_for(profile.title, profile.id)
    if profile.slug in slugs:
        return profile
    return profile.model_copy(update={"slug": slugs[choice]})
