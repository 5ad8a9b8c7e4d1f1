"""GraphQL on real handlers: what callers rely on, who may do what, and how often people are read."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from callsheet.kernel.ids import new_id
from tests.functional.graphql.asking import ask, code_of, told
from tests.support.calls import calls
from tests.support.gateway import Caller
from tests.support.market import Market
from tests.support.truths import all_bookings

CREATE = """
mutation($input: CreateBookingInput!) { createBooking(input: $input) { id status amount payment { status } } }
"""
QUOTE = """
query($input: QuoteInput!) { quote(input: $input) { total { amountMinor } lines { kind amount { amountMinor } } } }
"""
CANCEL = """
mutation($id: ID!) { cancelBooking(id: $id) { status cancellation { reason refund { amountMinor } } note } }
"""
AVAILABILITY = """
query($p: ID!, $s: DateTime!, $e: DateTime!) {
  availability(providerId: $p, startsAt: $s, endsAt: $e) { zone free { startsAt } }
}
"""


def the_input(market: Market, **changes: object) -> dict[str, object]:
    return {"clientId": market.carla.user_id, "providerId": market.provider.user.id, "amount": 100, **changes}


def test_the_minimal_input_that_callers_rely_on(market: Market) -> None:
    answer = ask(market, CREATE, input=the_input(market))
    (booking,) = all_bookings().values()
    assert answer == {
        "data": {
            "createBooking": {
                "id": booking.id,
                "status": "pending",
                "amount": 100,
                "payment": {"status": "requires_payment"},
            }
        }
    }
    assert booking.starts_at is None
    (created,) = [one for one in market.stripe.requests if one["path"] == "/v1/payment_intents"]
    params = created["params"]
    assert isinstance(params, dict)
    assert (str(params["amount"]), params["currency"], params["capture_method"]) == ("10000", "usd", "manual")


def test_nobody_books_for_somebody_else_but_an_admin(market: Market) -> None:
    asked = the_input(market)
    assert code_of(ask(market, CREATE, market.stranger, input=asked)) == "forbidden"
    assert all_bookings() == {}
    told(market, "{ me { id } }")  # from now on there is an account to book for
    admin = Caller(groups=("admin",))
    assert "errors" not in ask(market, CREATE, admin, input=asked)


def test_only_a_provider_accepts_and_only_their_own(market: Market) -> None:
    ask(market, CREATE, input=the_input(market, paymentMethod="pm_card_visa"))
    (booking_id,) = all_bookings()
    accept = "mutation($id: ID!) { acceptBooking(id: $id) { status payment { status } } }"
    assert code_of(ask(market, accept, market.carla, id=booking_id)) == "forbidden"
    assert code_of(ask(market, accept, market.stranger, id=booking_id)) == "not_found"
    accepted = ask(market, accept, market.pavel, id=booking_id)
    assert accepted == {"data": {"acceptBooking": {"status": "accepted", "payment": {"status": "captured"}}}}
    assert code_of(ask(market, accept, market.pavel, id=booking_id)) == "illegal_transition"


def test_a_booking_that_is_not_there_or_not_theirs_is_null(market: Market) -> None:
    ask(market, CREATE, input=the_input(market))
    (booking_id,) = all_bookings()
    query = "query($id: ID!) { booking(id: $id) { id } }"
    assert ask(market, query, market.stranger, id=booking_id) == {"data": {"booking": None}}
    assert ask(market, query, id=new_id("bkg")) == {"data": {"booking": None}}
    assert ask(market, query, id=booking_id) == {"data": {"booking": {"id": booking_id}}}


def test_a_page_of_bookings_reads_its_people_once(market: Market) -> None:
    at = datetime.now(UTC) + timedelta(days=4)
    for number in range(4):
        starts_at = at + timedelta(hours=3 * number)
        market.book(starts_at=starts_at.isoformat(), ends_at=(starts_at + timedelta(hours=2)).isoformat())
    query = "{ bookings { id client { id displayName } provider { id createdAt } cancellation { reason } } }"
    ask(market, query)
    with calls() as made:
        answer = ask(market, query)
    data = answer["data"]
    assert isinstance(data, dict)
    assert len(data["bookings"]) == 4
    assert [call for call in made if call in {"Query", "BatchGetItem"}] == [
        "Query",
        "BatchGetItem",
        "BatchGetItem",
    ]


def test_the_whole_walk_through_graphql(market: Market) -> None:
    at = datetime.now(UTC) + timedelta(days=3)
    span = {"startsAt": at.isoformat(), "endsAt": (at + timedelta(hours=2)).isoformat()}
    quoted = ask(
        market,
        QUOTE,
        input={"providerId": market.provider.user.id, "serviceId": market.provider.service_id, **span},
    )
    assert json.loads(json.dumps(quoted))["data"]["quote"]["total"] == {"amountMinor": 315_00}
    ask(market, CREATE, input=the_input(market, paymentMethod="pm_card_visa", note="Hello", **span))
    (booking_id,) = all_bookings()
    cancelled = ask(market, CANCEL, id=booking_id)
    assert cancelled == {
        "data": {
            "cancelBooking": {
                "status": "cancelled",
                "cancellation": {"reason": "client", "refund": None},
                "note": "Hello",
            }
        }
    }
    page = ask(market, "{ bookingsPage(filter: {status: cancelled}, limit: 1) { items { id } nextCursor } }")
    assert json.loads(json.dumps(page))["data"]["bookingsPage"]["items"] == [{"id": booking_id}]
    available = ask(market, AVAILABILITY, p=market.provider.user.id, s=span["startsAt"], e=span["endsAt"])
    assert json.loads(json.dumps(available))["data"]["availability"]["free"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount": 0}, "invalid_request"),
        ({"amount": -1}, "invalid_request"),
        ({"amount": 2}, "amount_too_small"),
        ({"currency": "XXX"}, "invalid_request"),
        ({"amount": 2**40}, "invalid_document"),
        ({"startsAt": "yesterday"}, "invalid_document"),
        ({"providerId": "usr_1"}, "invalid_request"),
        ({"paymentMethod": "pm_none_of_ours"}, "invalid_payment_method"),
    ],
    ids=str,
)
def test_what_makes_no_sense_has_the_code_that_rest_has(
    market: Market, changes: dict[str, object], code: str
) -> None:
    assert code_of(ask(market, CREATE, input=the_input(market, **changes))) == code
    assert [booking for booking in all_bookings().values() if booking.status != "cancelled"] == []
