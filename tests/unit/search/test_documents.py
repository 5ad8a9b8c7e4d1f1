"""What becomes of a profile in the index."""

from datetime import UTC, datetime

from callsheet.catalogue.details import ProfileRole
from callsheet.catalogue.for_search import Shown
from callsheet.catalogue.model import Profile, Rating
from callsheet.catalogue.selling import Service
from callsheet.kernel.ids import new_id
from callsheet.search.documents import checksum, people_document
from callsheet.search.ratings import smoothed
from callsheet.search.schemas import SCHEMAS, Kind


def a_service(minor: int, currency: str = "USD", **packages: int) -> Service:
    price = {"amount_minor": minor, "currency": currency}
    return Service.model_validate(
        {
            "id": new_id("svc"), "profile_id": "prf", "user_id": "usr", "title": "Two hours", "price": price,
            "duration_minutes": 120,
            "packages": [
                {"key": key, "title": key, "duration_minutes": 60, "price": {**price, "amount_minor": amount}}
                for key, amount in packages.items()
            ],
        }
    )  # fmt: skip


def shown(*services: Service, rating: Rating | None = None, **fields: object) -> Shown:
    profile = Profile.model_validate(
        {
            "id": "prf_01JDDDDDDDDDDDDDDDDDDDDDDD", "user_id": "usr_01JCCCCCCCCCCCCCCCCCCCCCCC", "title": "Pavel",
            "role": ProfileRole.PHOTOGRAPHER, "jurisdiction": "US-OR", "zone": "UTC", "is_default": True,
            "created_at": datetime(2026, 3, 2, tzinfo=UTC), "languages": ("pt-BR", "en", "pt"), "postal_code": "97205",
            **fields,
        }
    )  # fmt: skip
    return Shown(profile, 7, services, rating or Rating())


def test_the_price_is_the_lowest_in_the_currency_that_most_services_have() -> None:
    document = people_document(shown(a_service(30_000), a_service(25_000, short=9_000), a_service(1, "EUR")))
    assert (document["price_minor"], document["currency"]) == (9_000, "USD")
    assert "price_minor" not in people_document(shown())


def test_of_two_currencies_as_frequent_the_one_of_the_oldest_service_counts() -> None:
    assert people_document(shown(a_service(2, "EUR"), a_service(1)))["currency"] == "EUR"


def test_languages_are_found_without_their_regions() -> None:
    assert people_document(shown())["languages"] == ["en", "pt"]


def test_what_a_role_is_about_is_found_in_one_field_whatever_the_role_calls_it() -> None:
    model = {"role": "model", "genres": ["editorial"], "height_cm": 178}
    creator = {
        "role": "creator",
        "topics": ["travel"],
        "platforms": [{"platform": "x", "followers": 5}, {"platform": "tiktok", "followers": 9}],
    }
    found = people_document(shown(role=ProfileRole.MODEL, details=model))
    assert (found["tags"], found["height_cm"]) == (["editorial"], 178)
    found = people_document(shown(role=ProfileRole.CREATOR, details=creator))
    assert (found["tags"], found["platforms"], found["followers"]) == (["travel"], ["x", "tiktok"], 9)


def test_a_rating_of_few_is_pulled_towards_four() -> None:
    assert smoothed(0, 0) == 4
    assert smoothed(5, 1) < smoothed(48, 10) < smoothed(490, 100)
    assert people_document(shown(rating=Rating(reviews=2, stars=9, average=4.5)))["rating_average"] == 4.5


def test_the_checksum_is_the_contents_alone() -> None:
    one, other = people_document(shown()), people_document(shown(title="Petra"))
    assert one == people_document(shown())
    assert one["checksum"] != other["checksum"]
    assert checksum({"a": 1, "b": 2}) == checksum({"b": 2, "a": 1})


def test_every_field_of_the_schema_that_is_always_wanted_is_there() -> None:
    wanted = {field.name for field in SCHEMAS[Kind.PEOPLE].fields if not field.is_optional}
    assert wanted <= set(people_document(shown()))
