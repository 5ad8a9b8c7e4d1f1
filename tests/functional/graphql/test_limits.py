"""What a caller may do so and so often over REST they may do no oftener over GraphQL."""

from tests.support.market import Market
from tests.support.truths import all_bookings

FIVE = "mutation($input: CreateBookingInput!) {{ {fields} }}".format(
    fields=" ".join(f"b{number}: createBooking(input: $input) {{ id }}" for number in range(5))
)


def five_bookings(market: Market) -> tuple[list[str], list[int]]:
    """Ask for five in one document: the codes of those that were refused, and the seconds to wait."""
    asked = {"clientId": market.carla.user_id, "providerId": market.provider.user.id, "amount": 100}
    answer = market.post("/graphql", {"query": FIVE, "variables": {"input": asked}})
    assert answer.status == 200, answer.body
    errors = answer.json().get("errors") or []
    assert isinstance(errors, list)
    extensions = [error["extensions"] for error in errors]
    return [one["code"] for one in extensions], [one["retryAfterSeconds"] for one in extensions]


def test_fifteen_bookings_in_three_documents_once_made_fifteen_payment_intents(market: Market) -> None:
    refused = [five_bookings(market) for _ in range(3)]
    assert refused[-1][0] == ["rate_limited"]
    assert 1 <= refused[-1][1][0] <= 6
    intents = [one for one in market.stripe.requests if one["path"] == "/v1/payment_intents"]
    assert len(intents) == len(all_bookings())
    assert 10 <= len(intents) < 15  # ten fit, and one flows in every six seconds that the documents take


def test_both_doors_take_from_the_same_bucket(market: Market) -> None:
    while not five_bookings(market)[0]:
        continue
    answer = market.post("/v1/bookings", market.asked())
    assert answer.status == 429
    assert answer.json()["code"] == "rate_limited"
    assert answer.headers["ratelimit-remaining"] == "0"


def test_what_costs_no_checkout_goes_on(market: Market) -> None:
    while not five_bookings(market)[0]:
        continue
    answer = market.post("/graphql", {"query": "{ bookings { id } }"})
    assert "errors" not in answer.json()
