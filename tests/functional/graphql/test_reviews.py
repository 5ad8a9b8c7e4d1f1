"""Reviews at both doors."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from callsheet.bookings.model import BookingView
from callsheet.kernel.ids import new_id
from callsheet.reviews.store import ReviewItem
from tests.functional.graphql.asking import Json, ask, code_of, told
from tests.functional.graphql.test_like_rest import snake_keys
from tests.support.calls import calls
from tests.support.gateway import Caller
from tests.support.market import Market, open_market
from tests.support.reviews import completed, say
from tests.support.stage import MovedClock, Stage

SAID = "{ id stars words writtenAt }"
EXCHANGE = f"bookingId mine {SAID} theirs {SAID} canReviewUntil revealAt revealedAt"
REVIEW = "id by authorId subjectId stars words writtenAt revealedAt"
OF_BOOKING = f"query($id: ID!) {{ booking(id: $id) {{ reviews {{ {EXCHANGE} }} }} }}"
OF_PROFILE = f"""
query($id: ID!, $limit: Int!, $cursor: String) {{
  profileReviews(profileId: $id, limit: $limit, cursor: $cursor) {{ items {{ {REVIEW} }} nextCursor }}
}}
"""
OF_CLIENT = f"query($id: ID!) {{ clientReviews(userId: $id) {{ items {{ {REVIEW} }} nextCursor }} }}"
WRITE = f"""
mutation($id: ID!, $input: WriteReviewInput!) {{ writeReview(bookingId: $id, input: $input) {{ {EXCHANGE} }} }}
"""
REPORT = f"mutation($id: ID!) {{ reportReview(id: $id, reason: untrue) {{ {REVIEW} }} }}"
HIDE = f"""
mutation($id: ID!) {{ hideReview(id: $id, reason: untrue, note: "Asked") {{
  review {{ {REVIEW} }} bookingId report {{ reason reportedBy reportedAt }} hiding {{ reason note hiddenBy hiddenAt }}
}} }}
"""
SUPPORT = Caller(groups=("support",))


@pytest.fixture
def stage(tables: None) -> Stage:
    """Its present is that of the handlers, so that what was completed can still be reviewed."""
    return Stage(clock=MovedClock(datetime.now(UTC)))


@pytest.fixture
def market(stage: Stage) -> Iterator[Market]:
    with open_market() as opened:
        yield opened


def carla(stage: Stage) -> Caller:
    return Caller.named(stage.carla.id, "client")


def pavel(stage: Stage) -> Caller:
    return Caller.named(stage.pavel.user.id, "provider")


def revealed(stage: Stage, stars: int = 4) -> BookingView:
    booking = completed(stage)
    say(stage, booking, stage.carla, stars, f"{stars} stars")
    say(stage, booking, stage.pavel.user, 5)
    return booking


def by_rest(market: Market, path: str, user: Caller) -> Json:
    answer = market.api.call("GET", path, user=user)
    assert answer.status == 200, answer.body
    return answer.json()


def test_both_sides_write_and_read_what_rest_says(market: Market, stage: Stage) -> None:
    booking = completed(stage)
    path = f"/v1/bookings/{booking.id}/reviews"
    first = told(market, WRITE, carla(stage), id=booking.id, input={"stars": 4, "words": "On time"})
    assert first["theirs"] is None
    assert snake_keys(told(market, OF_BOOKING, pavel(stage), id=booking.id)["reviews"]) == by_rest(
        market, path, pavel(stage)
    )
    second = told(market, WRITE, pavel(stage), id=booking.id, input={"stars": 5})
    assert second["theirs"] == first["mine"]
    for user in (carla(stage), pavel(stage)):
        assert snake_keys(told(market, OF_BOOKING, user, id=booking.id)["reviews"]) == by_rest(
            market, path, user
        )
    assert code_of(ask(market, WRITE, pavel(stage), id=booking.id, input={"stars": 1})) == "already_reviewed"
    assert code_of(ask(market, WRITE, carla(stage), id=new_id("bkg"), input={"stars": 1})) == "not_found"
    for stars in (0, 6):
        refused = ask(market, WRITE, carla(stage), id=booking.id, input={"stars": stars})
        assert code_of(refused) == "invalid_request"
    assert [item.document.stars for item in ReviewItem.by_subject.query(booking.profile_id)] == [4]


def test_the_reviews_of_a_booking_are_for_its_two_sides(market: Market, stage: Stage) -> None:
    booking = revealed(stage)
    assert told(market, OF_BOOKING, SUPPORT, id=booking.id) == {"reviews": None}
    assert ask(market, OF_BOOKING, market.stranger, id=booking.id)["data"] == {"booking": None}


def test_reviews_of_a_profile_come_page_by_page(market: Market, stage: Stage) -> None:
    for stars in (1, 2, 3):
        revealed(stage, stars)
    profile_id = stage.pavel.profile_id
    first = told(market, OF_PROFILE, id=profile_id, limit=2)
    rest = told(market, OF_PROFILE, id=profile_id, limit=2, cursor=first["nextCursor"])
    assert isinstance(first["items"], list)
    assert isinstance(rest["items"], list)
    together = [*first["items"], *rest["items"]]
    assert (
        snake_keys(together) == by_rest(market, f"/v1/profiles/{profile_id}/reviews", market.carla)["items"]
    )
    assert [one["words"] for one in together] == ["3 stars", "2 stars", "1 stars"]
    for nothing in (new_id("prf"), stage.carla.id, "x" * 3000):
        assert ask(market, OF_PROFILE, id=nothing, limit=2)["data"] == {"profileReviews": None}


def test_what_is_said_of_a_client_is_for_providers_and_the_client(market: Market, stage: Stage) -> None:
    revealed(stage)
    for reader in (carla(stage), market.stranger, SUPPORT):
        shown = told(market, OF_CLIENT, reader, id=stage.carla.id)
        assert snake_keys(shown) == by_rest(market, f"/v1/users/{stage.carla.id}/reviews", reader)
    assert code_of(ask(market, OF_CLIENT, market.carla, id=stage.carla.id)) == "forbidden"


def test_a_review_is_reported_and_taken_away(market: Market, stage: Stage) -> None:
    booking = revealed(stage)
    (review,) = ReviewItem.by_subject.query(stage.pavel.profile_id)
    review_id = review.document.id
    assert told(market, REPORT, pavel(stage), id=review_id)["words"] == "4 stars"
    for user in (pavel(stage), carla(stage)):
        assert code_of(ask(market, HIDE, user, id=review_id)) == "forbidden"
    party = Caller.named(stage.pavel.user.id, "support")
    assert code_of(ask(market, HIDE, party, id=review_id)) == "forbidden"
    hidden = told(market, HIDE, SUPPORT, id=review_id)
    assert (hidden["bookingId"], hidden["report"] is not None) == (booking.id, True)
    hiding = hidden["hiding"]
    assert isinstance(hiding, dict)
    assert (hiding["reason"], hiding["note"], hiding["hiddenBy"]) == ("untrue", "Asked", SUPPORT.user_id)
    assert told(market, OF_PROFILE, id=stage.pavel.profile_id, limit=2)["items"] == []
    assert code_of(ask(market, REPORT, carla(stage), id=review_id)) == "review_not_found"


def test_a_page_of_bookings_reads_its_reviews_in_one_batch(market: Market, stage: Stage) -> None:
    for stars in (1, 2, 3):
        revealed(stage, stars)
    query = "{ bookings { reviews { mine { stars } } } }"
    ask(market, query, carla(stage))
    with calls() as made:
        data = ask(market, query, carla(stage))["data"]
    assert isinstance(data, dict)
    assert sorted(one["reviews"]["mine"]["stars"] for one in data["bookings"]) == [1, 2, 3]
    assert made.count("BatchGetItem") == 2, "the payments of the page, and its exchanges"
