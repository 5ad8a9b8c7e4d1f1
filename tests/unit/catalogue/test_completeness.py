"""A profile's score, what keeps it from being published, and what its pages may say."""

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from callsheet.catalogue.completeness import RULES, check_stays_complete, completeness_of
from callsheet.catalogue.details import TELLING, ProfileRole
from callsheet.catalogue.errors import HandleReserved, OtherRole, ProfileIncomplete
from callsheet.catalogue.home import Home, StoredHome
from callsheet.catalogue.model import Completeness, Profile, UpdateProfile
from callsheet.catalogue.naming import RESERVED, slugs_for
from callsheet.catalogue.rules import updated
from callsheet.catalogue.selling import Service
from callsheet.kernel.money import Money
from tests.support.profiles import page_of

EMPTY = Profile(
    id="prf_01JTX0000000000000000000A1",
    user_id="usr_01JTX0000000000000000000A1",
    role=ProfileRole.PHOTOGRAPHER,
    title="Portraits",
    jurisdiction="US-OR",
    zone="UTC",
    is_default=True,
    created_at=datetime(2026, 3, 1, tzinfo=UTC),
)


def a_service(*, is_active: bool = True) -> Service:
    return Service(
        id="svc_01JTX0000000000000000000A1",
        profile_id=EMPTY.id,
        user_id=EMPTY.user_id,
        title="Two hours",
        price=Money.whole(300, "USD"),
        duration_minutes=120,
        is_active=is_active,
    )


def changed(**fields: object) -> Profile:
    return updated(EMPTY, UpdateProfile.model_validate({"version": 0, **fields}))


def test_the_weights_are_hundredths_of_the_whole_and_the_words_differ() -> None:
    assert sum(rule.weight for rule in RULES) == 100
    assert len({rule.word for rule in RULES}) == len(RULES)


def test_an_empty_profile_scores_nothing_and_says_all_it_lacks() -> None:
    found = completeness_of(EMPTY, [])
    assert found.score == 0
    assert found.missing == ("headline", "languages", "home", "details", "service")
    assert found.suggested == ("about", "pictures", "handle", "travel_radius")


def test_what_publishing_needs_is_enough_for_it_and_not_for_a_hundred() -> None:
    found = completeness_of(changed(**page_of()), [a_service()])
    assert (found.score, found.missing) == (70, ())


def test_with_all_there_is_it_scores_a_hundred() -> None:
    full = changed(
        **page_of(),
        about="Long ago.\n\nAnd now.",
        handle="Pavel_Shoots",
        travel_radius_km=0,
        picture_ids=[f"med_01JTX0000000000000000000A{n}" for n in range(3)],
    )
    assert completeness_of(full, [a_service()]) == Completeness(score=100)
    assert full.handle == "pavel_shoots"


def test_a_service_that_is_no_longer_sold_does_not_count() -> None:
    assert "service" in completeness_of(changed(**page_of()), [a_service(is_active=False)]).missing


@pytest.mark.parametrize("role", ProfileRole)
def test_details_that_say_nothing_of_the_role_are_none(role: ProfileRole) -> None:
    profile = EMPTY.model_copy(update={"role": role})
    bare = updated(profile, UpdateProfile.model_validate({"version": 0, "details": {"role": role.value}}))
    assert "details" in completeness_of(bare, []).missing
    told = updated(profile, UpdateProfile.model_validate({"version": 0, **page_of(role.value)}))
    assert "details" not in completeness_of(told, []).missing
    assert set(TELLING) == set(ProfileRole)


def test_what_was_published_with_less_may_be_mended_in_steps_but_loses_nothing() -> None:
    before = completeness_of(EMPTY, [])
    check_stays_complete(before, completeness_of(changed(headline="Daylight"), []))
    with pytest.raises(ProfileIncomplete) as refusal:
        check_stays_complete(Completeness(score=90), before)
    assert refusal.value.extra == {"missing": list(before.missing), "score": 0}


def test_what_is_absent_stays_and_null_takes_away() -> None:
    told = changed(headline="Daylight", languages=["en"])
    again = updated(told, UpdateProfile.model_validate({"version": 1, "headline": None, "languages": None}))
    assert (again.headline, again.languages, again.title) == (None, (), "Portraits")


def test_details_of_another_role_and_reserved_handles_are_refused() -> None:
    with pytest.raises(OtherRole):
        changed(details={"role": "model", "genres": ["editorial"]})
    for handle in ("Admin", "call_sheet", "SUPPORT"):
        with pytest.raises(HandleReserved):
            changed(handle=handle)
    assert all(word == word.lower() and word.isalpha() for word in RESERVED)


def test_a_home_is_kept_to_a_hundredth_of_a_degree() -> None:
    home = Home(city="Portland", country="US", latitude=45.51523, longitude=-122.67841)
    assert StoredHome.of(home).shown() == Home(
        city="Portland", country="US", latitude=45.52, longitude=-122.68
    )


def test_a_slug_is_plain_and_has_a_second_choice() -> None:
    assert slugs_for("Žofie: Porträts & Café!", EMPTY.id) == (
        "zofie-portrats-cafe",
        "zofie-portrats-cafe-000000a1",
    )
    assert slugs_for("写真", EMPTY.id) == ("profile", "profile-000000a1")


@pytest.mark.parametrize(
    ("field", "asked"),
    [
        ("version", {"version": None}),
        ("handle", {"handle": "ab"}),
        ("handle", {"handle": "1abc"}),
        ("handle", {"handle": "pável"}),
        ("handle", {"handle": "a-b-c"}),
        ("headline", {"headline": "a\nb"}),
        ("about", {"about": "a\u202eb"}),
        ("about", {"about": "x" * 4001}),
        ("about", {"about": " \n "}),
        ("languages", {"languages": ["EN"]}),
        ("languages", {"languages": ["en_US"]}),
        ("home", {"home": {"city": "P", "country": "US", "latitude": 90.1, "longitude": 0}}),
        ("home", {"home": {"city": "P", "country": "US", "latitude": "45", "longitude": 0}}),
        ("home", {"home": {"city": "P", "country": "us", "latitude": 45, "longitude": 0}}),
        ("travel_radius_km", {"travel_radius_km": -1}),
        ("postal_code", {"postal_code": "?"}),
        ("details", {"details": {"role": "plumber"}}),
        ("details", {"details": {"genres": ["editorial"]}}),
        ("details", {"details": {"role": "photographer", "height_cm": 180}}),
        ("picture_ids", {"picture_ids": ["x"]}),
        ("is_published", {"is_published": True}),
    ],
)
def test_a_bad_change_is_told_with_its_field(field: str, asked: dict[str, object]) -> None:
    with pytest.raises(ValidationError) as refusal:
        UpdateProfile.model_validate({"version": 0, **asked})
    assert refusal.value.errors()[0]["loc"][0] == field


@pytest.mark.parametrize(
    "asked",
    [{"title": None}, {"jurisdiction": None}, {"languages": ["en", "en"]}],
    ids=["no title", "no jurisdiction", "a language twice"],
)
def test_what_cannot_be_is_refused(asked: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        UpdateProfile.model_validate({"version": 0, **asked})
