"""What a profile shows: changed by its owner alone, at the version they read, under names that are one profile's."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import boto3

from callsheet.catalogue.deps import EditingDeps
from callsheet.catalogue.errors import HandleTaken
from callsheet.catalogue.for_booking import listing_from, listing_key
from callsheet.catalogue.model import UpdateProfile
from callsheet.catalogue.update_profile import update_profile
from callsheet.kernel.ids import new_id
from callsheet.kernel.principal import Principal, Role
from callsheet.media.for_catalogue import find_pictures
from callsheet.media.model import Asset, ContentType, MediaStatus
from callsheet.media.store import AssetItem
from callsheet.platform.read import get_together
from callsheet.platform.records import EventItem
from callsheet.platform.settings import resource_name
from tests.support.calls import calls
from tests.support.gateway import Answer, Caller, Gateway
from tests.support.profiles import SESSION, page_of
from tests.support.stage import NOW, MovedClock

TITLE = "Portraits in daylight"


@dataclass(frozen=True, slots=True)
class Owner:
    """Somebody with a draft."""

    gateway: Gateway
    user: Caller
    profile_id: str

    @property
    def page(self) -> str:
        return f"/v1/me/profiles/{self.profile_id}"

    def seen(self) -> dict[str, object]:
        return self.gateway.call("GET", self.page, user=self.user).json()

    def change(self, user: Caller | None = None, /, **fields: object) -> Answer:
        body = {"version": self.seen()["version"], **fields}
        return self.gateway.call("PATCH", self.page, user=user or self.user, body=body)

    def sell(self) -> dict[str, object]:
        path = f"/v1/profiles/{self.profile_id}/services"
        return self.gateway.call("POST", path, user=self.user, body=SESSION).json()

    def publish(self) -> Answer:
        return self.gateway.call("POST", f"/v1/profiles/{self.profile_id}/publish", user=self.user)

    def published(self, **fields: object) -> "Owner":
        self.sell()
        assert self.change(**page_of(**fields)).status == 200
        assert self.publish().status == 200
        return self


def an_owner(title: str = TITLE) -> Owner:
    gateway, user = Gateway(), Caller(groups=("provider",))
    body = {"role": "photographer", "title": title, "jurisdiction": "US-OR", "zone": "UTC"}
    answer = gateway.call("POST", "/v1/profiles", user=user, body=body)
    assert answer.status == 201, answer.body
    return Owner(gateway, user, str(answer.json()["id"]))


def facts(profile_id: str) -> list[str]:
    return [item.document.name for item in EventItem.query(profile_id)]


def a_picture(user_id: str, status: MediaStatus = MediaStatus.READY) -> str:
    asset = Asset(
        id=new_id("med"), user_id=user_id, profile_id=new_id("prf"), content_type=ContentType.JPEG,
        size_bytes=1, status=status, created_at=NOW, upload_until=NOW,
    )  # fmt: skip
    AssetItem(asset.id, "ASSET", document=asset).save()
    return asset.id


def test_what_an_owner_tells_is_shown_to_everybody_but_for_what_is_theirs(tables: None) -> None:
    owner = an_owner().published(
        about="Long ago.\nAnd now.", travel_radius_km=50, postal_code="97214-1a", handle="Pavel_Shoots"
    )
    page = owner.gateway.call("GET", f"/v1/profiles/{owner.profile_id}").json()
    assert page["headline"] == "Daylight and patience"
    assert page["home"] == {"city": "Portland", "country": "US", "latitude": 45.52, "longitude": -122.68}
    assert page["details"] == {
        "experience": None, "role": "photographer", "specialties": ["portraits"], "turnaround_hours": None,
        "studio_access": None, "deliverables": [],
    }  # fmt: skip
    assert (page["handle"], page["slug"], page["travel_radius_km"]) == (
        "pavel_shoots",
        "portraits-in-daylight",
        50,
    )
    assert {"postal_code", "version", "completeness"}.isdisjoint(page)

    own = owner.seen()
    assert own["postal_code"] == "97214-1A"
    assert own["completeness"] == {"score": 90, "missing": [], "suggested": ["pictures"]}
    assert page == {name: own[name] for name in page}


def test_a_postal_code_reaches_the_listing_that_bookings_read_and_no_event(tables: None) -> None:
    owner = an_owner().published(postal_code="97214")
    for alias in (owner.profile_id, owner.user.user_id):
        (item,) = get_together([listing_key(alias)])
        listing = listing_from(item)
        assert listing is not None
        assert listing.postal_code == "97214"
    assert "97214" not in str([item.document for item in EventItem.query(owner.profile_id)])


def test_what_is_missing_keeps_a_profile_from_being_published(tables: None) -> None:
    owner = an_owner()
    refused = owner.publish()
    assert (refused.status, refused.json()["code"]) == (409, "profile_incomplete")
    assert refused.json()["missing"] == ["headline", "languages", "home", "details", "service"]
    assert refused.json()["score"] == 0
    owner.sell()
    assert owner.publish().json()["missing"] == ["headline", "languages", "home", "details"]
    assert facts(owner.profile_id) == ["profile.created"]
    assert owner.seen()["is_published"] is False
    assert owner.change(**page_of()).json()["completeness"] == {
        "score": 70, "missing": [], "suggested": ["about", "pictures", "handle", "travel_radius"],
    }  # fmt: skip
    assert owner.publish().status == 200


def test_what_is_published_keeps_what_it_needed(tables: None) -> None:
    owner = an_owner().published()
    before = owner.seen()
    refused = owner.change(languages=None, headline=None)
    assert (refused.status, refused.json()["code"]) == (409, "profile_incomplete")
    assert refused.json()["missing"] == ["headline", "languages"]
    assert owner.seen() == before


def test_of_two_changes_to_one_version_the_second_is_stale(tables: None) -> None:
    owner = an_owner()
    assert owner.change(version=0, headline="First").json()["version"] == 1
    late = owner.change(version=0, headline="Second")
    assert (late.status, late.json()["code"]) == (409, "stale")
    assert owner.seen()["headline"] == "First"


def test_a_change_that_changes_nothing_writes_nothing(tables: None) -> None:
    owner = an_owner()
    owner.change(headline="First")
    deps = EditingDeps(clock=MovedClock(), pictures=find_pictures)
    pavel = Principal(owner.user.user_id, roles=frozenset({Role.PROVIDER}))
    same = UpdateProfile(version=1, headline="First")
    with calls() as made:
        assert update_profile(owner.profile_id, same, pavel, deps).version == 1
    assert made == ["BatchGetItem", "BatchGetItem"]
    other = UpdateProfile(version=1, headline="Second")
    with calls() as made:
        update_profile(owner.profile_id, other, pavel, deps)
    assert made == ["BatchGetItem", "BatchGetItem", "TransactWriteItems"]
    assert facts(owner.profile_id) == ["profile.created", "profile.updated", "profile.updated"]


def test_an_event_says_at_which_version_and_whether_everybody_sees_it(tables: None) -> None:
    owner = an_owner().published()
    owner.change(headline="Another")
    last = list(EventItem.query(owner.profile_id))[-1].document
    assert last.name == "profile.updated"
    assert (last.payload["profile_version"], last.payload["is_published"]) == (owner.seen()["version"], True)


def test_a_handle_is_the_first_ones_who_asks_in_capitals_or_not(tables: None) -> None:
    pavel, petra = an_owner(), an_owner("Else")
    assert pavel.change(handle="Daylight").json()["handle"] == "daylight"
    refused = petra.change(handle="dayLIGHT", headline="Mine")
    assert (refused.status, refused.json()["code"]) == (409, "handle_taken")
    assert (petra.seen()["handle"], petra.seen()["headline"]) == (None, None)
    assert pavel.change(handle="daylight").status == 200


def test_another_handle_frees_the_one_before(tables: None) -> None:
    pavel, petra = an_owner().published(handle="daylight"), an_owner("Else")
    assert pavel.gateway.call("GET", "/v1/handles/DAYLIGHT").json()["id"] == pavel.profile_id
    assert pavel.change(handle="moonlight").status == 200
    assert pavel.gateway.call("GET", "/v1/handles/daylight").json()["code"] == "profile_not_found"
    assert petra.change(handle="daylight").status == 200
    assert pavel.change(handle=None).json()["handle"] is None
    assert petra.change(handle="moonlight").status == 200


def test_nobody_has_a_reserved_handle(tables: None) -> None:
    owner = an_owner()
    refused = owner.change(handle="Call_Sheet")
    assert (refused.status, refused.json()["code"]) == (400, "handle_reserved")
    assert owner.seen()["handle"] is None


def test_two_of_one_title_have_slugs_of_their_own(tables: None) -> None:
    first, second = an_owner().published(), an_owner().published()
    own = f"portraits-in-daylight-{second.profile_id[-8:].lower()}"
    assert (first.seen()["slug"], second.seen()["slug"]) == ("portraits-in-daylight", own)
    for owner in (first, second):
        found = owner.gateway.call("GET", f"/v1/slugs/{owner.seen()['slug']}")
        assert found.json()["id"] == owner.profile_id
    assert second.change(headline="Else").json()["slug"] == own
    assert first.change(title="In moonlight").json()["slug"] == "in-moonlight"
    assert first.gateway.call("GET", "/v1/slugs/portraits-in-daylight").status == 404
    assert second.change(title="In moonlight!").json()["slug"] == f"in-moonlight-{own[-8:]}"


def test_a_draft_is_not_found_by_its_names(tables: None) -> None:
    owner = an_owner()
    owner.change(handle="daylight")
    for path in ("/v1/handles/daylight", "/v1/slugs/portraits-in-daylight", "/v1/handles/" + "x" * 3000):
        assert owner.gateway.call("GET", path).json()["code"] == "profile_not_found"


def test_a_profile_shows_pictures_of_its_owners_that_are_ready(tables: None) -> None:
    owner = an_owner()
    mine = [a_picture(owner.user.user_id) for _ in range(3)]
    assert owner.change(picture_ids=mine).json()["picture_ids"] == mine
    assert owner.change(picture_ids=mine[::-1]).json()["picture_ids"] == mine[::-1]
    before = owner.seen()
    refused_ones = [
        a_picture(new_id("usr")),
        a_picture(owner.user.user_id, MediaStatus.AWAITING_UPLOAD),
        new_id("med"),
    ]
    refused = owner.change(picture_ids=[*mine, *refused_ones])
    assert (refused.status, refused.json()["code"]) == (400, "picture_not_usable")
    assert refused.json()["picture_ids"] == refused_ones
    assert owner.seen() == before


def test_nobody_changes_a_profile_of_somebody_else(tables: None) -> None:
    owner, petra = an_owner(), Caller(groups=("provider",))
    assert owner.change(petra, headline="Hers").status == 404
    assert owner.gateway.call("GET", owner.page, user=petra).status == 404
    owner.published()
    before = owner.seen()
    assert owner.change(petra, headline="Hers").status == 403
    assert owner.gateway.call("GET", owner.page, user=petra).status == 403
    assert owner.seen() == before


def test_a_profile_of_before_there_were_pages_still_reads_and_gets_a_slug(tables: None) -> None:
    owner = an_owner()
    key = {"pk": {"S": owner.profile_id}, "sk": {"S": "PROFILE"}}
    names = (
        "slug",
        "handle",
        "headline",
        "about",
        "home",
        "travel_radius_km",
        "details",
        "picture_ids",
        "postal_code",
    )
    boto3.client("dynamodb").update_item(
        TableName=resource_name("TABLE", "catalogue"),
        Key=key,
        UpdateExpression="REMOVE " + ", ".join(f"document.{name}" for name in names),
    )
    assert owner.seen()["slug"] is None
    assert (
        owner.change(headline="Daylight").json()["slug"]
        == f"portraits-in-daylight-{owner.profile_id[-8:].lower()}"
    )


def test_of_several_who_want_one_handle_at_once_one_has_it(tables: None) -> None:
    owners = [an_owner(f"Title {number}") for number in range(3)]
    deps = EditingDeps(clock=MovedClock(), pictures=find_pictures)

    def has_got_it(owner: Owner) -> bool:
        pavel = Principal(owner.user.user_id, roles=frozenset({Role.PROVIDER}))
        try:
            update_profile(owner.profile_id, UpdateProfile(version=0, handle="daylight"), pavel, deps)
        except HandleTaken:
            return False
        return True

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(has_got_it, owners)) == 1
    assert [owner.seen()["handle"] for owner in owners].count("daylight") == 1
