"""Profiles in every order in which what their owners do at once can reach the tables."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from callsheet.catalogue.create_profile import create_profile
from callsheet.catalogue.create_service import create_service
from callsheet.catalogue.deps import CatalogueDeps, EditingDeps
from callsheet.catalogue.details import ProfileRole
from callsheet.catalogue.errors import HandleTaken, ProfileIncomplete
from callsheet.catalogue.for_booking import listing_from, listing_key
from callsheet.catalogue.model import CreateProfile, Profile, UpdateProfile
from callsheet.catalogue.publish_profile import publish_profile
from callsheet.catalogue.selling import CreateService, UpdateService
from callsheet.catalogue.store import ClaimItem, handle_key, stored_profile
from callsheet.catalogue.unpublish_profile import unpublish_profile
from callsheet.catalogue.update_profile import update_profile
from callsheet.catalogue.update_service import update_service
from callsheet.catalogue.views import read_beside
from callsheet.kernel.principal import Principal, Role
from callsheet.platform.read import get_together
from callsheet.platform.records import EventItem
from callsheet.platform.stale import Stale
from tests.support.profiles import SESSION, filled, no_pictures
from tests.support.stage import MovedClock, somebody
from tests.support.turns import orders, played

CLOCK = MovedClock()
DEPS = CatalogueDeps(clock=CLOCK)
EDITING = EditingDeps(clock=CLOCK, pictures=no_pictures)
OFF = UpdateService(is_active=False)


@dataclass(frozen=True, slots=True)
class Owner:
    """Somebody with a profile that could be published."""

    user: Principal
    profile_id: str
    service_ids: tuple[str, ...]

    @property
    def profile(self) -> Profile:
        return stored_profile(self.profile_id).document

    def publishes(self) -> object:
        return publish_profile(self.profile_id, self.user, DEPS)

    def unpublishes(self) -> object:
        return unpublish_profile(self.profile_id, self.user, DEPS)

    def ends(self, number: int) -> Callable[[], object]:
        """Its service of that number is sold no longer."""
        service_id = self.service_ids[number]
        return lambda: update_service(self.profile_id, service_id, OFF, self.user, DEPS)

    def wants(self, handle: str | None) -> Callable[[], object]:
        """At the version there is now."""
        command = UpdateProfile(version=stored_profile(self.profile_id).version, handle=handle)
        return lambda: update_profile(self.profile_id, command, self.user, EDITING)


def an_owner(services: int = 1) -> Owner:
    user = somebody(Role.PROVIDER)
    page = CreateProfile(
        role=ProfileRole.PHOTOGRAPHER, title=f"Of {user.id}", jurisdiction="US-OR", zone="UTC"
    )
    profile = create_profile(page, user, DEPS)
    sold = [
        create_service(profile.id, CreateService.model_validate(SESSION), user, DEPS) for _ in range(services)
    ]
    filled(profile, user, CLOCK)
    return Owner(user, profile.id, tuple(service.id for service in sold))


def facts(owner: Owner) -> list[str]:
    return [item.document.name for item in EventItem.query(owner.profile_id)]


def hold_together(*owners: Owner) -> None:
    """What is told, listed and claimed is what is stored."""
    for owner in owners:
        profile = owner.profile
        for alias in (owner.profile_id, owner.user.id):
            (item,) = get_together([listing_key(alias)])
            listing = listing_from(item)
            assert listing is not None
            assert listing.is_published is profile.is_published
        if profile.is_published:
            services = read_beside([profile]).services_of(profile)
            assert any(service.is_active for service in services), "something to sell"
        ups_and_downs = [name for name in facts(owner) if name.endswith("published")]
        assert ups_and_downs[::2] == ["profile.published"] * len(ups_and_downs[::2])
        assert ups_and_downs[1::2] == ["profile.unpublished"] * len(ups_and_downs[1::2])
        assert len(ups_and_downs) % 2 == profile.is_published


def claimed(*handles: str) -> dict[str, str]:
    items = get_together([handle_key(handle) for handle in handles])
    return {
        handle: item.profile_id
        for handle, item in zip(handles, items, strict=True)
        if isinstance(item, ClaimItem)
    }


def test_two_who_publish_at_once_publish_once(tables: None) -> None:
    for order in orders(3, 3):
        owner = an_owner()
        assert played(order, owner.publishes, owner.publishes) == [None, None], order
        assert facts(owner)[-1:] == ["profile.published"]
        hold_together(owner)


def test_who_publishes_and_who_takes_back_at_once_leave_one_of_both(tables: None) -> None:
    for order in orders(3, 3):
        owner = an_owner()
        owner.publishes()
        assert played(order, owner.publishes, owner.unpublishes) == [None, None], order
        hold_together(owner)


def test_what_is_published_while_its_last_service_ends_has_something_to_sell(tables: None) -> None:
    for order in orders(3, 4):
        owner = an_owner()
        ended = played(order, owner.publishes, owner.ends(0))
        assert [type(error) for error in ended if error] == [ProfileIncomplete], order
        hold_together(owner)


def test_of_the_last_two_services_that_end_at_once_one_stays(tables: None) -> None:
    for order in orders(4, 4):
        owner = an_owner(services=2)
        owner.publishes()
        ended = played(order, owner.ends(0), owner.ends(1))
        assert [type(error) for error in ended if error] == [ProfileIncomplete], order
        hold_together(owner)


def test_of_two_who_want_a_handle_at_once_one_has_it(tables: None) -> None:
    pavel, petra = an_owner(), an_owner()
    for order in orders(3, 3):
        ended = played(order, pavel.wants("daylight"), petra.wants("daylight"))
        assert [type(error) for error in ended if error] == [HandleTaken], order
        had = {"daylight": next(one.profile_id for one in (pavel, petra) if one.profile.handle)}
        assert claimed("daylight") == had, order
        for owner in (pavel, petra):
            owner.wants(None)()
        assert claimed("daylight") == {}


def test_a_handle_that_is_let_go_while_another_wants_it_is_never_two_s_or_lost(tables: None) -> None:
    pavel, petra = an_owner(), an_owner()
    for order in orders(3, 3):
        pavel.wants("daylight")()
        late, took = played(order, pavel.wants("moonlight"), petra.wants("daylight"))
        assert late is None, order
        assert took is None or isinstance(took, HandleTaken)
        theirs = {} if took else {"daylight": petra.profile_id}
        assert claimed("daylight", "moonlight") == {"moonlight": pavel.profile_id} | theirs, order
        assert (pavel.profile.handle, petra.profile.handle) == ("moonlight", None if took else "daylight")
        for owner in (pavel, petra):
            owner.wants(None)()


def test_two_who_swap_their_handles_at_once_keep_them(tables: None) -> None:
    pavel, petra = an_owner(), an_owner()
    pavel.wants("daylight")()
    petra.wants("moonlight")()
    for order in orders(3, 3):
        ended = played(order, pavel.wants("moonlight"), petra.wants("daylight"))
        assert [type(error) for error in ended] == [HandleTaken, HandleTaken], order
    assert claimed("daylight", "moonlight") == {"daylight": pavel.profile_id, "moonlight": petra.profile_id}


def test_two_tabs_that_change_one_handle_leave_one_claim(tables: None) -> None:
    pavel = an_owner()
    pavel.wants("daylight")()
    for order in orders(3, 3):
        ended = played(order, pavel.wants("moonlight"), pavel.wants("starlight"))
        assert [type(error) for error in ended if error] == [Stale], order
        assert claimed("daylight", "moonlight", "starlight") == {str(pavel.profile.handle): pavel.profile_id}
        pavel.wants("daylight")()


@pytest.mark.parametrize("ways", [("publishes", "unpublishes"), ("publishes", "publishes")])
def test_a_stranger_s_profile_goes_nowhere_whatever_they_ask(tables: None, ways: tuple[str, str]) -> None:
    owner, petra = an_owner(), somebody(Role.PROVIDER)
    owner.publishes()
    before = stored_profile(owner.profile_id)
    hers = Owner(petra, owner.profile_id, owner.service_ids)
    ended = played((), *(getattr(hers, way) for way in ways), hers.ends(0), hers.wants("daylight"))
    assert {getattr(error, "code", None) for error in ended} == {"forbidden"}
    after = stored_profile(owner.profile_id)
    assert (after.document, after.version) == (before.document, before.version)
    assert claimed("daylight") == {}
