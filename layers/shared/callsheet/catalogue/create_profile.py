"""A provider opens a profile: a draft, with a calendar to be booked by."""

from datetime import datetime

from callsheet.calendar.for_catalogue import let_be_booked, rules_key
from callsheet.catalogue.deps import CatalogueDeps
from callsheet.catalogue.errors import SlugTaken
from callsheet.catalogue.events import ProfileCreated
from callsheet.catalogue.model import CreateProfile, OwnProfileView, Profile
from callsheet.catalogue.naming import slugs_for
from callsheet.catalogue.rules import check_may_have_profiles, check_room_for_profile
from callsheet.catalogue.store import PortfolioItem, ProfileItem, add_profile, portfolio_key
from callsheet.catalogue.views import NOTHING, own_view_of
from callsheet.kernel.ids import new_id
from callsheet.kernel.principal import Principal
from callsheet.platform.once import claim_and_answer, earlier, record_keys
from callsheet.platform.read import get_together
from callsheet.platform.stale import decided_anew
from callsheet.platform.transaction import Transaction


def create_profile(command: CreateProfile, caller: Principal, deps: CatalogueDeps) -> OwnProfileView:
    """One batch read and one transaction, again where another profile of the caller came in between or has the slug.

    Raises Forbidden for who is no provider, TooManyProfiles.
    """
    check_may_have_profiles(caller)
    now = deps.clock.now()
    try:
        return decided_anew(lambda: _create(command, caller, now, choice=0))
    except SlugTaken:
        return decided_anew(lambda: _create(command, caller, now, choice=1))


def _create(command: CreateProfile, caller: Principal, now: datetime, *, choice: int) -> OwnProfileView:
    user_id, key = caller.user_id, caller.request_key
    portfolio, calendar, *records = get_together(
        [portfolio_key(user_id), rules_key(user_id), *record_keys(key)]
    )
    answered = earlier(OwnProfileView, records[0] if records else None, key, now)
    if isinstance(answered, OwnProfileView):
        return answered
    own = portfolio if isinstance(portfolio, PortfolioItem) else None
    check_room_for_profile(own.document.profile_ids if own else ())
    profile_id = new_id("prf")
    profile = Profile(
        **dict(command),
        id=profile_id,
        slug=slugs_for(command.title, profile_id)[choice],
        user_id=user_id,
        is_default=own is None,
        created_at=now,
    )
    view = own_view_of(ProfileItem(profile_id, document=profile), NOTHING)
    txn = Transaction(caller, now)
    claim_and_answer(txn, key, view, now)
    add_profile(txn, profile, own)
    let_be_booked(txn, user_id, profile.id, profile.zone, calendar)
    txn.publish(
        ProfileCreated(
            profile_id=profile.id,
            user_id=user_id,
            role=profile.role,
            profile_version=view.version,
            jurisdiction=profile.jurisdiction,
        )
    )
    txn.commit()
    return view
