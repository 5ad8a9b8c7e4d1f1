"""Profiles, favourites and reviews through the GraphQL door, under the role that its row grants."""

import pytest

from callsheet.kernel.ids import new_id
from local.api import Document
from tests.e2e.cloud import Cloud
from tests.e2e.market import Market, Person, eventually

RENAME = """
mutation($id: ID!, $input: UpdateProfileInput!) { updateProfile(id: $id, input: $input) { version profile { handle } } }
"""
KEEP = "mutation($id: ID!) { addFavourite(profileId: $id) { profile { page { title services { title } } } } }"
LET_GO = "mutation($id: ID!) { removeFavourite(profileId: $id) }"
REVIEW = """
mutation($id: ID!, $stars: Int!) { writeReview(bookingId: $id, input: { stars: $stars }) {
  mine { stars } theirs { stars }
} }
"""
READ = """
query($id: ID!) {
  profile(id: $id) { rating { reviews average } }
  profileReviews(profileId: $id) { items { stars } }
}
"""


@pytest.fixture(scope="module")
def market(cloud: Cloud) -> Market:
    return Market(cloud)


def ask(market: Market, who: Person, query: str, **variables: object) -> Document:
    answer = market.post("/graphql", who, {"query": query, "variables": variables})
    assert "errors" not in answer, answer
    data = answer["data"]
    assert isinstance(data, dict)
    return data


def test_a_handle_that_is_let_go_is_anybody_s_and_a_favourite_comes_and_goes(market: Market) -> None:
    client, pavel, petra = market.client(), market.provider(), market.provider()
    first, second = (f"h{new_id('prf')[-12:].lower()}" for _ in range(2))

    def rename(who: Person, handle: str) -> Document:
        version = market.get(f"/v1/me/profiles/{who.profile_id}", who)["version"]
        return ask(market, who, RENAME, id=who.profile_id, input={"version": version, "handle": handle})

    for who, handle in ((pavel, first), (pavel, second), (petra, first)):
        assert rename(who, handle)["updateProfile"] is not None
    assert market.get(f"/v1/handles/{first}", client)["id"] == petra.profile_id
    assert market.get(f"/v1/handles/{second}", client)["id"] == pavel.profile_id

    kept = ask(market, client, KEEP, id=pavel.profile_id)["addFavourite"]
    page = {"title": "At all hours", "services": [{"title": "An hour"}]}
    assert kept == {"profile": {"page": page}}
    assert ask(market, client, LET_GO, id=pavel.profile_id) == {"removeFavourite": pavel.profile_id}
    favourites = "{ favourites { items { profileId } } }"
    eventually(lambda: ask(market, client, favourites)["favourites"], lambda seen: seen == {"items": []})


def test_both_sides_review_each_other_and_are_told(market: Market) -> None:
    client, provider = market.client(), market.provider()
    booking_id = market.book(
        client, {"provider_id": provider.id, "amount": 100, "payment_method": "pm_card_visa"}
    )
    market.becomes(booking_id, client, "pending", "authorized")
    market.step(booking_id, "accept", provider)
    market.step(booking_id, "complete", client)

    first = ask(market, client, REVIEW, id=booking_id, stars=4)["writeReview"]
    assert first == {"mine": {"stars": 4}, "theirs": None}
    eventually(lambda: market.told(provider, booking_id), lambda told: "review.written" in told)
    second = ask(market, provider, REVIEW, id=booking_id, stars=5)["writeReview"]
    assert second == {"mine": {"stars": 5}, "theirs": {"stars": 4}}
    for who in (client, provider):
        eventually(lambda who=who: market.told(who, booking_id), lambda told: "review.revealed" in told)  # type: ignore[misc]  # bound at once
    shown = ask(market, client, READ, id=provider.profile_id)
    assert shown["profile"] == {"rating": {"reviews": 1, "average": 4.0}}
    eventually(
        lambda: ask(market, client, READ, id=provider.profile_id)["profileReviews"],
        lambda seen: seen == {"items": [{"stars": 4}]},
    )
