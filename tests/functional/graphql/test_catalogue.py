"""The catalogue at both doors: what one shows, takes and refuses, so does the other, and a page is read together."""

import pytest

from callsheet.kernel.ids import new_id
from callsheet.platform.records import EventItem
from tests.functional.graphql.asking import Json, ask, ask_under, code_of, told
from tests.functional.graphql.test_like_rest import snake_keys
from tests.support.calls import calls
from tests.support.gateway import Caller
from tests.support.market import Market
from tests.support.profiles import page_of
from tests.support.stage import MovedClock, Provider, a_provider

MONEY = "{ amountMinor currency }"
SERVICE = f"""
  id profileId userId title price {MONEY} durationMinutes description policyKey answerHours acceptanceHours
  bufferBeforeMinutes bufferAfterMinutes isActive packages {{ key title price {MONEY} durationMinutes description }}
  extras {{ key title price {MONEY} unit }}
"""
DETAILS = """
  role experience
  ... on ModelDetails { heightCm genres }
  ... on PhotographerDetails { specialties turnaroundHours studioAccess deliverables }
  ... on VideographerDetails { specialties turnaroundHours studioAccess deliverables }
  ... on StylistDetails { specialties hasKit }
  ... on MakeupArtistDetails { specialties hasKit }
  ... on EditorDetails { specialties software turnaroundHours }
  ... on CreatorDetails { platforms { platform followers } topics }
"""
PROFILE = f"""
  id userId role title slug handle headline about jurisdiction zone languages
  home {{ city country latitude longitude }} travelRadiusKm details {{ {DETAILS} }} pictureIds isPublished
  instantBooking backgroundChecked services {{ {SERVICE} }} rating {{ reviews stars average }} createdAt
"""
OWN = f"profile {{ {PROFILE} }} version postalCode completeness {{ score missing suggested }}"
ONE = f"query($id: ID!) {{ profile(id: $id) {{ {PROFILE} }} }}"
MINE = f"query($id: ID!) {{ myProfile(id: $id) {{ {OWN} }} }}"
UPDATE = (
    f"mutation($id: ID!, $input: UpdateProfileInput!) {{ updateProfile(id: $id, input: $input) {{ {OWN} }} }}"
)
CREATE = f"mutation($input: CreateProfileInput!) {{ createProfile(input: $input) {{ {OWN} }} }}"
SELL = f"""
mutation($id: ID!, $input: CreateServiceInput!) {{ createService(profileId: $id, input: $input) {{ {SERVICE} }} }}
"""
RESELL = f"""
mutation($profile: ID!, $id: ID!, $input: UpdateServiceInput!) {{
  updateService(profileId: $profile, id: $id, input: $input) {{ {SERVICE} }}
}}
"""
FAVOURITES = """
query($limit: Int, $cursor: String) { favourites(limit: $limit, cursor: $cursor) {
  items { profileId savedAt profile {
    id role title slug handle headline home { city country latitude longitude } pictureId
    rating { reviews stars average }
  } }
  nextCursor
} }
"""
DRAFT: Json = {"role": "model", "title": "Before the camera", "jurisdiction": "US-OR", "zone": "UTC"}
DAY: Json = {
    "title": "A day", "price": {"amountMinor": 90_000, "currency": "USD"}, "durationMinutes": 480,
    "packages": [
        {"key": "half", "title": "Half", "price": {"amountMinor": 50_000, "currency": "USD"}, "durationMinutes": 240}
    ],
    "extras": [{"key": "lights", "title": "Lights", "price": {"amountMinor": 2_500, "currency": "USD"}}],
}  # fmt: skip


def by_rest(market: Market, path: str, user: Caller) -> Json:
    answer = market.api.call("GET", path, user=user)
    assert answer.status == 200, answer.body
    return answer.json()


def flat(own: object) -> object:
    """What its owner sees of a profile, as REST says it."""
    assert isinstance(own, dict)
    assert isinstance(own["profile"], dict)
    return snake_keys({**own["profile"], **{name: own[name] for name in own if name != "profile"}})


def details_of(shown: Json) -> Json:
    profile = shown["profile"]
    assert isinstance(profile, dict)
    details = profile["details"]
    assert isinstance(details, dict)
    return details


def own_version(market: Market, profile_id: str) -> object:
    return told(market, MINE, market.pavel, id=profile_id)["version"]


def facts(aggregate_id: str) -> list[str]:
    return [item.document.name for item in EventItem.query(aggregate_id)]


def others(count: int) -> list[Provider]:
    return [a_provider(MovedClock(), is_onboarded=False) for _ in range(count)]


def test_a_profile_says_the_same_at_both_doors(market: Market) -> None:
    profile_id = market.provider.profile_id
    for user in (market.carla, market.pavel):
        shown = told(market, ONE, user, id=profile_id)
        assert snake_keys(shown) == by_rest(market, f"/v1/profiles/{profile_id}", user)
    own = by_rest(market, f"/v1/me/profiles/{profile_id}", market.pavel)
    assert flat(told(market, MINE, market.pavel, id=profile_id)) == own
    mine = ask(market, f"{{ myProfiles {{ {OWN} }} }}", market.pavel)["data"]
    assert isinstance(mine, dict)
    assert [flat(one) for one in mine["myProfiles"]] == [own]


def test_a_profile_is_found_by_its_names(market: Market) -> None:
    profile_id = market.provider.profile_id
    version = own_version(market, profile_id)
    told(market, UPDATE, market.pavel, id=profile_id, input={"version": version, "handle": "Daylight"})
    found = ask(
        market,
        '{ a: profileByHandle(handle: "DAYLIGHT") { id } b: profileBySlug(slug: "photographer") { id } }',
    )
    assert found == {"data": {"a": {"id": profile_id}, "b": {"id": profile_id}}}
    none = ask(market, '{ a: profileByHandle(handle: "nobody") { id } b: profileBySlug(slug: "") { id } }')
    assert none == {"data": {"a": None, "b": None}}


def test_what_is_not_to_be_seen_is_null_or_refused_and_tells_nothing(market: Market) -> None:
    draft = told(market, CREATE, market.pavel, input=DRAFT)["profile"]
    assert isinstance(draft, dict)
    for nothing in (draft["id"], new_id("prf"), market.provider.user.id, "x" * 3000, ""):
        assert ask(market, ONE, market.carla, id=nothing)["data"] == {"profile": None}
        assert ask(market, MINE, market.carla, id=nothing)["data"] == {"myProfile": None}
    assert code_of(ask(market, MINE, market.carla, id=market.provider.profile_id)) == "forbidden"
    assert told(market, ONE, market.pavel, id=draft["id"])["isPublished"] is False


@pytest.mark.parametrize(
    ("role", "given", "kept"),
    [
        ("model", {"heightCm": 178, "genres": ["editorial"]}, {"heightCm": 178, "genres": ["editorial"]}),
        ("photographer", {"specialties": ["food"]}, {"specialties": ["food"], "studioAccess": None}),
        ("videographer", {"studioAccess": "own"}, {"specialties": [], "studioAccess": "own"}),
        ("stylist", {"hasKit": True}, {"specialties": [], "hasKit": True}),
        ("makeup_artist", {"specialties": ["bridal"]}, {"specialties": ["bridal"], "hasKit": False}),
        ("editor", {"software": ["resolve"], "turnaroundHours": 48}, {"software": ["resolve"]}),
        (
            "creator",
            {"platforms": [{"platform": "tiktok", "followers": 3_000_000_000}], "experience": "expert"},
            {"platforms": [{"platform": "tiktok", "followers": 3_000_000_000}], "experience": "expert"},
        ),
    ],
)
def test_each_role_tells_what_is_particular_to_it(market: Market, role: str, given: Json, kept: Json) -> None:
    draft = told(market, CREATE, market.pavel, input={**DRAFT, "role": role})
    profile = draft["profile"]
    assert isinstance(profile, dict)
    field = "makeupArtist" if role == "makeup_artist" else role
    changed = {"version": draft["version"], "details": {field: given}}
    details = details_of(told(market, UPDATE, market.pavel, id=profile["id"], input=changed))
    assert details["role"] == role
    assert {name: details[name] for name in kept} == kept
    own = by_rest(market, f"/v1/me/profiles/{profile['id']}", market.pavel)
    assert snake_keys(details) == own["details"]


def test_details_are_those_of_one_role_and_that_of_the_profile(market: Market) -> None:
    profile_id = market.provider.profile_id
    before = told(market, MINE, market.pavel, id=profile_id)
    for details, code in (
        ({"model": {"heightCm": 170}}, "other_role"),
        ({"model": {}, "photographer": {}}, "invalid_document"),
        ({}, "invalid_document"),
        ({"photographer": {"specialties": ["Not a key"]}}, "invalid_request"),
    ):
        changed = {"version": before["version"], "details": details}
        assert code_of(ask(market, UPDATE, market.pavel, id=profile_id, input=changed)) == code
    assert told(market, MINE, market.pavel, id=profile_id) == before


def test_what_is_absent_stays_and_null_takes_away(market: Market) -> None:
    profile_id = market.provider.profile_id
    version = own_version(market, profile_id)
    changed = {"version": version, "about": "By the river", "travelRadiusKm": 20, "postalCode": "97214"}
    shown = told(market, UPDATE, market.pavel, id=profile_id, input=changed)
    assert shown["postalCode"] == "97214"
    taken = {"version": shown["version"], "about": None}
    after = told(market, UPDATE, market.pavel, id=profile_id, input=taken)
    assert isinstance(after["profile"], dict)
    assert (after["profile"]["about"], after["profile"]["travelRadiusKm"]) == (None, 20)
    for refused, code in (
        ({"version": version, "about": "Late"}, "stale"),
        ({"version": after["version"], "title": None}, "invalid_request"),
        ({"version": after["version"], "headline": None}, "profile_incomplete"),
        ({"version": after["version"], "handle": "admin"}, "handle_reserved"),
        ({"version": after["version"], "pictureIds": [new_id("med")]}, "picture_not_usable"),
    ):
        assert code_of(ask(market, UPDATE, market.pavel, id=profile_id, input=refused)) == code
    assert told(market, MINE, market.pavel, id=profile_id) == after


def test_a_profile_goes_from_a_draft_to_everybody_and_back(market: Market) -> None:
    draft = told(market, CREATE, market.pavel, input=DRAFT)
    assert isinstance(draft["profile"], dict)
    profile_id = draft["profile"]["id"]
    publish = "mutation($id: ID!) { publishProfile(id: $id) { version profile { isPublished } } }"
    refused = ask(market, publish, market.pavel, id=profile_id)
    assert code_of(refused) == "profile_incomplete"
    errors = refused["errors"]
    assert isinstance(errors, list)
    assert errors[0]["extensions"]["missing"] == ["headline", "languages", "home", "details", "service"]

    sold = told(market, SELL, market.pavel, id=profile_id, input=DAY)
    page = page_of("model")
    details = {"model": {"genres": ["editorial"]}}
    changed = {
        "version": 1,
        **{name: page[name] for name in ("headline", "languages", "home")},
        "details": details,
    }
    assert told(market, UPDATE, market.pavel, id=profile_id, input=changed)["version"] == 2
    assert told(market, publish, market.pavel, id=profile_id)["profile"] == {"isPublished": True}
    assert told(market, ONE, market.carla, id=profile_id)["services"] == [sold]
    unpublish = "mutation($id: ID!) { unpublishProfile(id: $id) { profile { isPublished } } }"
    assert told(market, unpublish, market.pavel, id=profile_id)["profile"] == {"isPublished": False}
    assert facts(str(profile_id)) == [
        "profile.created",
        "profile.updated",
        "profile.published",
        "profile.unpublished",
    ]


def test_a_service_with_packages_and_extras_is_sold_and_changed(market: Market) -> None:
    profile_id = market.provider.profile_id
    sold = told(market, SELL, market.pavel, id=profile_id, input=DAY)
    services = by_rest(market, f"/v1/profiles/{profile_id}/services", market.carla)["items"]
    assert isinstance(services, list)
    assert snake_keys(sold) == services[-1]
    asked: Json = {"profile": profile_id, "id": sold["id"]}
    changed = told(market, RESELL, market.pavel, **asked, input={"title": "Two days", "packages": []})
    assert (changed["title"], changed["packages"], changed["extras"]) == ("Two days", [], sold["extras"])
    for refused, code in (
        ({"title": None}, "invalid_request"),
        ({"price": {"amountMinor": 100, "currency": "EUR"}}, "invalid_terms"),
        ({"title": "Late", "version": 0}, "stale"),
    ):
        assert code_of(ask(market, RESELL, market.pavel, **asked, input=refused)) == code
    assert code_of(ask(market, RESELL, market.stranger, **asked, input={"title": "Mine"})) == "forbidden"
    gone = told(market, RESELL, market.pavel, **asked, input={"isActive": False})
    assert gone == {**changed, "isActive": False}
    assert facts(str(sold["id"])) == ["service.created", "service.changed", "service.changed"]


def test_who_is_no_provider_opens_and_sells_nothing(market: Market) -> None:
    assert code_of(ask(market, CREATE, market.carla, input=DRAFT)) == "forbidden"
    assert code_of(ask(market, SELL, market.carla, id=market.provider.profile_id, input=DAY)) == "forbidden"
    sold = by_rest(market, f"/v1/profiles/{market.provider.profile_id}", market.carla)["services"]
    assert isinstance(sold, list)
    assert [one["id"] for one in sold] == [market.provider.service_id]


def test_the_same_request_twice_opens_one_profile(market: Market) -> None:
    query = (
        "mutation($input: CreateProfileInput!) { createProfile(input: $input) { version profile { id } } }"
    )
    pavel = market.pavel
    answers = [
        market.post("/graphql", {"query": query, "variables": {"input": DRAFT}}, user=pavel, key="k-1").json()
        for _ in range(2)
    ]
    assert answers[0] == answers[1]
    mine = by_rest(market, "/v1/me/profiles", pavel)["items"]
    assert isinstance(mine, list)
    assert len(mine) == 2
    assert code_of(ask_under(market, "k-2", query, input=DRAFT)) == "forbidden"


def test_favourites_say_the_same_at_both_doors_page_by_page(market: Market) -> None:
    keep = "mutation($id: ID!) { addFavourite(profileId: $id) { profileId savedAt profile { title } } }"
    kept = [one.profile_id for one in others(3)]
    for profile_id in (*kept, kept[-1]):
        assert told(market, keep, id=profile_id)["profile"] == {"title": "Photographer"}
    first = told(market, FAVOURITES, limit=2)
    rest = told(market, FAVOURITES, limit=2, cursor=first["nextCursor"])
    assert isinstance(first["items"], list)
    assert isinstance(rest["items"], list)
    together = [*first["items"], *rest["items"]]
    assert snake_keys(together) == by_rest(market, "/v1/me/favourites", market.carla)["items"]
    assert [one["profileId"] for one in together] == kept[::-1]
    gone = "mutation($id: ID!) { removeFavourite(profileId: $id) }"
    for _ in range(2):
        assert ask(market, gone, id=kept[0]) == {"data": {"removeFavourite": kept[0]}}
    assert told(market, FAVOURITES, market.stranger, limit=2)["items"] == []
    assert len(by_rest(market, "/v1/me/favourites", market.carla)["items"]) == 2  # type: ignore[arg-type]  # a list
    assert code_of(ask(market, keep, id=new_id("prf"))) == "profile_not_found"
    assert (
        code_of(ask(market, FAVOURITES, market.stranger, limit=2, cursor=first["nextCursor"]))
        == "invalid_cursor"
    )


def test_a_page_of_profiles_reads_all_that_stands_beside_them_together(market: Market) -> None:
    query = "{ favourites { items { profile { title page { services { title } rating { average } } } } } }"
    keep = "mutation($id: ID!) { addFavourite(profileId: $id) { profileId } }"
    for one in others(4):
        ask(market, keep, id=one.profile_id)
    ask(market, query)  # from now on nothing is read for the first time
    with calls() as made:
        page = told(market, query)
    items = page["items"]
    assert isinstance(items, list)
    assert [len(one["profile"]["page"]["services"]) for one in items] == [1] * 4
    assert made.count("Query") == 1
    assert made.count("BatchGetItem") == 3, "the cards, then the profiles, then what they sell and are rated"
    assert made.count("GetItem") <= 1, "the request's own bucket"


def test_profiles_that_are_asked_for_one_by_one_are_read_together(market: Market) -> None:
    ids = [one.profile_id for one in others(4)]
    query = (
        "{"
        + " ".join(f'p{n}: profile(id: "{one}") {{ services {{ id }} }}' for n, one in enumerate(ids))
        + "}"
    )
    with calls() as made:
        answer = ask(market, query)
    assert "errors" not in answer
    assert made.count("BatchGetItem") == 2


def test_a_page_of_bookings_shows_its_profiles_and_reads_them_together(market: Market) -> None:
    query = "{ bookings { profile { title services { id } } reviews { canReviewUntil } } }"
    for days in (1, 2, 3):
        market.book(starts_at=None, ends_at=None, amount=100 * days)
    ask(market, query)
    with calls() as made:
        data = ask(market, query)["data"]
    assert isinstance(data, dict)
    assert [one["profile"]["title"] for one in data["bookings"]] == ["Photographer"] * 3
    assert made.count("BatchGetItem") == 4, "payments, exchanges, profiles, and what these sell and are rated"


def test_the_page_of_a_booking_is_gone_for_its_client_with_the_profile(market: Market) -> None:
    booking = market.book()
    unpublish = "mutation($id: ID!) { unpublishProfile(id: $id) { version } }"
    told(market, unpublish, market.pavel, id=market.provider.profile_id)
    query = "query($id: ID!) { booking(id: $id) { id profile { id } } }"
    assert told(market, query, id=booking["id"])["profile"] is None
    assert told(market, query, market.pavel, id=booking["id"])["profile"] == {
        "id": market.provider.profile_id
    }


def test_what_a_step_has_changed_the_next_one_shows(market: Market) -> None:
    profile_id = market.provider.profile_id
    query = """
    mutation($id: ID!, $input: UpdateProfileInput!) {
      before: addFavourite(profileId: $id) { profile { page { headline } } }
      updateProfile(id: $id, input: $input) { version }
      after: addFavourite(profileId: $id) { profile { page { headline } } }
    }
    """
    changed = {"version": own_version(market, profile_id), "headline": "Moonlight"}
    data = ask(market, query, market.pavel, id=profile_id, input=changed)["data"]
    assert isinstance(data, dict)
    shown = [data[name]["profile"]["page"]["headline"] for name in ("before", "after")]
    assert shown == ["Daylight and patience", "Moonlight"]


def test_a_large_page_with_everything_in_it_is_too_complex(market: Market) -> None:
    deep = "{ favourites(limit: 100) { items { profile { page { services { packages { price { currency } } } } } } } }"
    assert code_of(ask(market, deep)) == "too_complex"
