"""A provider opens a profile: a draft, with a calendar to be booked by."""

from datetime import datetime

from callsheet.calendar.for_catalogue import let_be_booked, rules_key
from callsheet.catalogue.deps import CatalogueDeps
from callsheet.catalogue.events import ProfileCreated
from callsheet.catalogue.model import CreateProfile, Profile, ProfileView
from callsheet.catalogue.rules import check_may_have_profiles, check_room_for_profile
from callsheet.catalogue.store import PortfolioItem, add_profile, portfolio_key
from callsheet.catalogue.views import view_of
from callsheet.kernel.ids import new_id
from callsheet.kernel.principal import Principal
from callsheet.platform.once import claim_and_answer, earlier, record_keys
from callsheet.platform.read import get_together
from callsheet.platform.stale import decided_anew
from callsheet.platform.transaction import Transaction


def create_profile(command: CreateProfile, caller: Principal, deps: CatalogueDeps) -> ProfileView:
    """One batch read and one transaction, again where another profile of the caller came in between.

    Raises Forbidden for who is no provider, TooManyProfiles.
    """
    check_may_have_profiles(caller)
    return decided_anew(lambda: _create(command, caller, deps.clock.now()))


def _create(command: CreateProfile, caller: Principal, now: datetime) -> ProfileView:
    user_id, key = caller.user_id, caller.request_key
    portfolio, calendar, *records = get_together(
        [portfolio_key(user_id), rules_key(user_id), *record_keys(key)]
    )
    answered = earlier(ProfileView, records[0] if records else None, key, now)
    if isinstance(answered, ProfileView):
        return answered
    own = portfolio if isinstance(portfolio, PortfolioItem) else None
    check_room_for_profile(own.document.profile_ids if own else ())
    profile = Profile(
        **dict(command), id=new_id("prf"), user_id=user_id, is_default=own is None, created_at=now
    )
    view = view_of(profile, [])
    txn = Transaction(caller, now)
    claim_and_answer(txn, key, view, now)
    add_profile(txn, profile, own)
    let_be_booked(txn, user_id, profile.id, profile.zone, calendar)
    txn.publish(
        ProfileCreated(
            profile_id=profile.id, user_id=user_id, role=profile.role, jurisdiction=profile.jurisdiction
        )
    )
    txn.commit()
    return view
