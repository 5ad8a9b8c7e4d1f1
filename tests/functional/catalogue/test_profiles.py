"""Providers open profiles, sell something in them, and show them when they are ready."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from callsheet.calendar.for_booking import rules_from, rules_key
from callsheet.catalogue.create_profile import create_profile
from callsheet.catalogue.create_service import create_service
from callsheet.catalogue.deps import CatalogueDeps
from callsheet.catalogue.errors import TooManyProfiles, TooManyServices
from callsheet.catalogue.for_booking import listing_from, listing_key, service_from, service_key
from callsheet.catalogue.get_profile import get_profile
from callsheet.catalogue.list_my_profiles import list_my_profiles
from callsheet.catalogue.model import CreateProfile, Listing
from callsheet.catalogue.rules import MAX_PROFILES, MAX_SERVICES
from callsheet.catalogue.selling import CreateService
from callsheet.kernel.errors import Forbidden
from callsheet.kernel.ids import new_id
from callsheet.kernel.principal import Principal, Role
from callsheet.platform.read import get_together
from callsheet.platform.records import EventItem
from callsheet.platform.stale import Stale
from tests.support.calls import calls
from tests.support.gateway import Answer, Caller, Gateway
from tests.support.profiles import page_of

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
NOBODY = "01JTX0000000000000000000A1"
PAGE: Mapping[str, object] = {
    "role": "photographer",
    "title": "Portraits in daylight",
    "jurisdiction": "US-OR",
    "zone": "America/Los_Angeles",
}
SOLD: Mapping[str, object] = {
    "title": "Two hours",
    "price": {"amount_minor": 30_000, "currency": "USD"},
    "duration_minutes": 120,
    "extras": [{"key": "lights", "title": "Lights", "price": {"amount_minor": 2_500, "currency": "USD"}}],
}


@dataclass(frozen=True, slots=True)
class StoppedClock:
    def now(self) -> datetime:
        return NOW


DEPS = CatalogueDeps(clock=StoppedClock())


def a_provider() -> Caller:
    return Caller(groups=("provider",))


def principal(caller: Caller) -> Principal:
    return Principal(caller.user_id, roles=frozenset(Role(group) for group in caller.groups))


def opened(gateway: Gateway, pavel: Caller, **changed: object) -> str:
    answer = gateway.call("POST", "/v1/profiles", user=pavel, body={**PAGE, **changed})
    assert answer.status == 201, answer.body
    return str(answer.json()["id"])


def complete(gateway: Gateway, profile_id: str, user: Caller) -> dict[str, object]:
    """Give it all that publishing needs; the service it got."""
    service = gateway.call("POST", f"/v1/profiles/{profile_id}/services", user=user, body=SOLD)
    page = f"/v1/me/profiles/{profile_id}"
    seen = gateway.call("GET", page, user=user).json()
    role, version = str(seen["role"]), seen["version"]
    assert gateway.call("PATCH", page, user=user, body=page_of(role, version=version)).status == 200
    return service.json()


def publish(gateway: Gateway, profile_id: str, user: Caller, way: str = "publish") -> Answer:
    return gateway.call("POST", f"/v1/profiles/{profile_id}/{way}", user=user)


def listing(provider_id: str) -> Listing | None:
    (item,) = get_together([listing_key(provider_id)])
    return listing_from(item)


def facts(aggregate_id: str) -> list[str]:
    return [item.document.name for item in EventItem.query(aggregate_id)]


def test_a_new_profile_is_a_draft_with_a_listing_and_a_calendar_to_be_booked_by(tables: None) -> None:
    gateway, pavel = Gateway(), a_provider()
    profile_id = opened(gateway, pavel, languages=["en", "pt-BR"])
    for alias in (profile_id, pavel.user_id):
        found = listing(alias)
        assert found is not None
        assert (found.profile_id, found.user_id, found.is_published) == (profile_id, pavel.user_id, False)
        assert (found.jurisdiction, found.instant_booking) == ("US-OR", False)
        (item,) = get_together([rules_key(alias)])
        rules = rules_from(item)
        assert rules is not None
        assert (rules.resource_id, rules.zone) == (pavel.user_id, "America/Los_Angeles")
        assert [len(windows) for windows in rules.weekly.days] == [1, 1, 1, 1, 1, 1, 0]
    assert facts(profile_id) == ["profile.created"]


def test_a_first_profile_is_the_default_and_a_second_is_not(tables: None) -> None:
    gateway, pavel = Gateway(), a_provider()
    first = opened(gateway, pavel)
    calendar = {"zone": "UTC", "weekly": {}}
    assert gateway.call("PUT", "/v1/calendar/rules", user=pavel, body=calendar).status == 200
    second = opened(gateway, pavel, role="editor", zone="Europe/Berlin")
    complete(gateway, second, pavel)
    assert publish(gateway, second, pavel).status == 200

    by_user, by_second = listing(pavel.user_id), listing(second)
    assert by_user is not None
    assert by_second is not None
    assert (by_user.profile_id, by_user.is_published) == (first, False)
    assert (by_second.role, by_second.is_published) == ("editor", True)
    (item,) = get_together([rules_key(second)])
    rules = rules_from(item)
    assert rules is not None
    assert (rules.resource_id, rules.zone) == (pavel.user_id, "UTC")


def test_opening_a_profile_is_one_read_and_one_transaction(tables: None) -> None:
    with calls() as made:
        create_profile(CreateProfile.model_validate(PAGE), principal(a_provider()), DEPS)
    assert made == ["BatchGetItem", "TransactWriteItems"]


def test_the_same_request_twice_opens_one_profile(tables: None) -> None:
    gateway, pavel, key = Gateway(), a_provider(), {"Idempotency-Key": "k1"}
    first = gateway.call("POST", "/v1/profiles", user=pavel, body=PAGE, headers=key)
    again = gateway.call("POST", "/v1/profiles", user=pavel, body=PAGE, headers=key)
    assert (again.status, again.json()) == (201, first.json())
    other = gateway.call("POST", "/v1/profiles", user=pavel, body={**PAGE, "role": "model"}, headers=key)
    assert (other.status, other.json()["code"]) == (422, "idempotency_key_reused")
    assert len(list_my_profiles(principal(pavel), DEPS).items) == 1


def test_two_profiles_at_once_are_both_there_and_one_is_the_default(tables: None) -> None:
    pavel = principal(a_provider())

    def attempt(_number: int) -> str | None:
        try:
            return create_profile(CreateProfile.model_validate(PAGE), pavel, DEPS).id
        except Stale:
            return None

    with ThreadPoolExecutor(3) as pool:
        made = {profile_id for profile_id in pool.map(attempt, range(3)) if profile_id}
    mine = list_my_profiles(pavel, DEPS)
    assert made == {view.id for view in mine.items}
    default = listing(pavel.id)
    assert default is not None
    assert default.profile_id == mine.items[0].id


def test_more_profiles_than_anybody_needs_are_refused(tables: None) -> None:
    pavel = principal(a_provider())
    for _ in range(MAX_PROFILES):
        create_profile(CreateProfile.model_validate(PAGE), pavel, DEPS)
    with pytest.raises(TooManyProfiles):
        create_profile(CreateProfile.model_validate(PAGE), pavel, DEPS)
    assert len(list_my_profiles(pavel, DEPS).items) == MAX_PROFILES


def test_who_is_no_provider_opens_nothing(tables: None) -> None:
    carla = Caller(groups=("client", "studio_owner"))
    answer = Gateway().call("POST", "/v1/profiles", user=carla, body=PAGE)
    assert (answer.status, answer.json()["code"]) == (403, "forbidden")
    with pytest.raises(Forbidden):
        create_profile(CreateProfile.model_validate(PAGE), principal(carla), DEPS)
    assert listing(carla.user_id) is None


def test_a_bad_page_names_its_field_and_changes_nothing(tables: None) -> None:
    pavel = a_provider()
    answer = Gateway().call("POST", "/v1/profiles", user=pavel, body={**PAGE, "role": "plumber"})
    assert (answer.status, answer.json()["code"]) == (400, "invalid_request")
    assert str(answer.json()["detail"]).startswith("role")
    assert listing(pavel.user_id) is None


def test_a_service_is_sold_on_the_page(tables: None) -> None:
    gateway, pavel = Gateway(), a_provider()
    profile_id = opened(gateway, pavel)
    answer = gateway.call("POST", f"/v1/profiles/{profile_id}/services", user=pavel, body=SOLD)
    assert answer.status == 201, answer.body
    service = answer.json()
    assert (service["profile_id"], service["user_id"]) == (profile_id, pavel.user_id)
    (item,) = get_together([service_key(str(service["id"]))])
    stored = service_from(item)
    assert stored is not None
    assert (stored.price.amount_minor, stored.is_active, stored.extras[0].key) == (30_000, True, "lights")
    assert facts(stored.id) == ["service.created"]

    page = f"/v1/me/profiles/{profile_id}"
    assert gateway.call("PATCH", page, user=pavel, body=page_of(version=1)).status == 200
    assert publish(gateway, profile_id, pavel).status == 200
    assert gateway.call("GET", f"/v1/profiles/{profile_id}").json()["services"] == [service]


def test_the_same_request_twice_makes_one_service(tables: None) -> None:
    gateway, pavel, key = Gateway(), a_provider(), {"Idempotency-Key": "k1"}
    path = f"/v1/profiles/{opened(gateway, pavel)}/services"
    first = gateway.call("POST", path, user=pavel, body=SOLD, headers=key)
    assert gateway.call("POST", path, user=pavel, body=SOLD, headers=key).json() == first.json()
    (view,) = list_my_profiles(principal(pavel), DEPS).items
    assert [service.id for service in view.services] == [first.json()["id"]]


def test_a_new_service_is_one_read_and_one_transaction(tables: None) -> None:
    pavel = principal(a_provider())
    profile = create_profile(CreateProfile.model_validate(PAGE), pavel, DEPS)
    with calls() as made:
        create_service(profile.id, CreateService.model_validate(SOLD), pavel, DEPS)
    assert made == ["BatchGetItem", "TransactWriteItems"]


def test_more_services_than_fit_on_a_page_are_refused(tables: None) -> None:
    pavel = principal(a_provider())
    profile = create_profile(CreateProfile.model_validate(PAGE), pavel, DEPS)
    for _ in range(MAX_SERVICES):
        create_service(profile.id, CreateService.model_validate(SOLD), pavel, DEPS)
    with pytest.raises(TooManyServices):
        create_service(profile.id, CreateService.model_validate(SOLD), pavel, DEPS)
    assert len(list_my_profiles(pavel, DEPS).items[0].services) == MAX_SERVICES


def test_what_is_published_is_seen_by_everybody_until_it_is_taken_back(tables: None) -> None:
    gateway, pavel = Gateway(), a_provider()
    profile_id = opened(gateway, pavel)
    complete(gateway, profile_id, pavel)
    assert gateway.call("GET", f"/v1/profiles/{profile_id}").status == 404

    assert publish(gateway, profile_id, pavel).json()["is_published"] is True
    page = gateway.call("GET", f"/v1/profiles/{profile_id}")
    assert page.status == 200
    assert page.json()["title"] == "Portraits in daylight"
    by_user = listing(pavel.user_id)
    assert by_user is not None
    assert by_user.is_published

    assert publish(gateway, profile_id, pavel, "unpublish").json()["is_published"] is False
    assert gateway.call("GET", f"/v1/profiles/{profile_id}").status == 404
    assert listing(pavel.user_id) == listing(profile_id)
    assert facts(profile_id)[2:] == ["profile.published", "profile.unpublished"]


def test_publishing_twice_is_told_once(tables: None) -> None:
    gateway, pavel = Gateway(), a_provider()
    profile_id = opened(gateway, pavel)
    complete(gateway, profile_id, pavel)
    assert publish(gateway, profile_id, pavel).json() == publish(gateway, profile_id, pavel).json()
    assert facts(profile_id) == ["profile.created", "profile.updated", "profile.published"]


@pytest.mark.parametrize("path", ["publish", "unpublish", "services"])
def test_a_draft_of_somebody_else_does_not_exist(tables: None, path: str) -> None:
    gateway, pavel, petra = Gateway(), a_provider(), a_provider()
    profile_id = opened(gateway, pavel)
    answer = gateway.call("POST", f"/v1/profiles/{profile_id}/{path}", user=petra, body=SOLD)
    assert (answer.status, answer.json()["code"]) == (404, "profile_not_found")
    assert facts(profile_id) == ["profile.created"]


@pytest.mark.parametrize("path", ["unpublish", "services"])
def test_a_page_of_somebody_else_is_not_changed(tables: None, path: str) -> None:
    gateway, pavel, petra = Gateway(), a_provider(), a_provider()
    profile_id = opened(gateway, pavel)
    complete(gateway, profile_id, pavel)
    publish(gateway, profile_id, pavel)
    answer = gateway.call("POST", f"/v1/profiles/{profile_id}/{path}", user=petra, body=SOLD)
    assert (answer.status, answer.json()["code"]) == (403, "forbidden")
    (view,) = list_my_profiles(principal(pavel), DEPS).items
    assert (view.is_published, len(view.services)) == (True, 1)
    assert facts(profile_id) == ["profile.created", "profile.updated", "profile.published"]


@pytest.mark.parametrize(
    "profile_id",
    [f"prf_{NOBODY}", f"usr_{NOBODY}", "x", "x" * 3000],
    ids=["a profile", "a user", "no id", "too long for a key"],
)
def test_what_is_no_profile_is_not_found(tables: None, profile_id: str) -> None:
    gateway, pavel = Gateway(), a_provider()
    assert gateway.call("GET", f"/v1/profiles/{profile_id}").json()["code"] == "profile_not_found"
    answer = gateway.call("POST", f"/v1/profiles/{profile_id}/services", user=pavel, body=SOLD)
    assert (answer.status, answer.json()["code"]) == (404, "profile_not_found")


def test_an_owner_sees_their_drafts_and_nobody_elses(tables: None) -> None:
    gateway, pavel, petra = Gateway(), a_provider(), a_provider()
    draft = opened(gateway, pavel)
    opened(gateway, petra)
    assert get_profile(draft, principal(pavel), DEPS).is_published is False
    mine = gateway.call("GET", "/v1/me/profiles", user=pavel).json()
    assert mine["next_cursor"] is None
    items = mine["items"]
    assert isinstance(items, list)
    assert [item["id"] for item in items] == [draft]
    assert gateway.call("GET", "/v1/me/profiles", user=Caller()).json() == {"items": [], "next_cursor": None}


def test_what_a_booking_reads_that_is_not_there_is_none(tables: None) -> None:
    listing_item, service_item = get_together([listing_key(new_id("prf")), service_key(new_id("svc"))])
    assert listing_from(listing_item) is None
    assert service_from(service_item) is None


def test_nobody_changes_anything_without_a_token(tables: None) -> None:
    gateway = Gateway()
    for method, path in (
        ("POST", "/v1/profiles"),
        ("POST", f"/v1/profiles/{new_id('prf')}/publish"),
        ("GET", "/v1/me/profiles"),
    ):
        assert gateway.call(method, path).status == 401
