"""Amendments over HTTP: real handlers, the real Stripe SDK over the simulator, and GraphQL beside REST."""

from datetime import UTC, datetime, timedelta

import pytest

from callsheet import wiring
from callsheet.bookings.converge_payment import converge_payment
from callsheet.bookings.store import BookingItem
from callsheet.kernel.principal import system
from tests.functional.graphql.asking import Json, ask, code_of, told
from tests.support.gateway import Caller
from tests.support.market import Market

LINES = [{"title": "A second look", "amount": {"amount_minor": 20_00, "currency": "USD"}}]
MONEY = "{ amountMinor currency }"
PROPOSE = f"""
mutation($id: ID!, $input: ProposeAmendmentInput!) {{ proposeAmendment(bookingId: $id, input: $input) {{
  id status awaits total {MONEY} payment {{ status }} price {{ lines {{ title amount {MONEY} }} }}
}} }}
"""
ANSWER = """
mutation($booking: ID!, $id: ID!) { %s(bookingId: $booking, id: $id) { status payment { status } } }
"""
SHOWN = f"""
query($id: ID!) {{ booking(id: $id) {{
  amendmentsTotal {MONEY} amendments {{ id kind status proposedBy total {MONEY} minutes }}
}} }}
"""


def _accepted(market: Market, **changes: object) -> Json:
    booking = market.book(**changes)
    assert market.as_pavel(booking, "accept").status == 200
    return booking


def _begun(market: Market, booking: Json) -> None:
    """The session began an hour ago."""
    stored = BookingItem.get(str(booking["id"]), "BOOKING")
    starts_at = datetime.now(UTC) - timedelta(hours=1)
    session = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=2)}
    stored.document = stored.document.model_copy(update=session)
    stored.save()


def test_a_change_order_is_proposed_listed_and_accepted_and_stripe_has_two_intents_on_one_card(
    market: Market,
) -> None:
    booking = _accepted(market)
    path = f"/v1/bookings/{booking['id']}/amendments"
    made = market.post(path, {"lines": LINES, "reason": "The light was good"}, key="k-1")
    assert made.status == 201, made.body
    proposed = made.json()
    assert (proposed["status"], proposed["awaits"], proposed["kind"]) == (
        "pending",
        "provider",
        "change_order",
    )
    assert market.post(path, {"lines": LINES, "reason": "The light was good"}, key="k-1").json() == proposed
    accepted = market.post(f"{path}/{proposed['id']}/accept", user=market.pavel)
    assert (accepted.status, accepted.json()["status"]) == (200, "accepted")
    listed = market.api.call("GET", path, user=market.carla).json()
    assert [one["id"] for one in _items(listed)] == [proposed["id"]]
    seen = market.api.call("GET", f"/v1/bookings/{booking['id']}", user=market.carla).json()
    assert (seen["total"], seen["amendments_total"]) == (booking["total"], proposed["total"])
    first, second = market.stripe.simulator.world.kept("payment_intent").values()
    assert (first["setup_future_usage"], second["payment_method"]) == ("off_session", first["payment_method"])
    assert (second["transfer_group"], second["customer"]) == (booking["id"], first["customer"])
    assert (first["amount_received"], second["amount_received"]) == (100_00, 21_00)


def test_agreed_overtime_is_charged_off_session(market: Market) -> None:
    booking = _accepted(market, overtime_minutes=60)
    _begun(market, booking)
    path = f"/v1/bookings/{booking['id']}/amendments"
    made = market.post(path, {"kind": "overtime", "minutes": 30}, user=market.pavel)
    assert (made.status, made.json()["status"]) == (201, "accepted")
    asked = [one["params"] for one in market.stripe.requests if one["path"] == "/v1/payment_intents"]
    assert ["'off_session'" in str(one).replace(": 'off_session'", "") for one in asked] == [False, True]
    assert ["setup_future_usage" in str(one) for one in asked] == [True, False]


def test_a_bank_that_wants_the_client_is_answered_by_them(market: Market) -> None:
    booking = market.book(payment_method="pm_card_authenticationRequired", overtime_minutes=60)
    intents = market.stripe.simulator.world.kept("payment_intent")
    (first,) = intents
    market.stripe.authenticate(first)
    assert market.as_pavel(booking, "accept").status == 409, "not heard of yet"
    converge_payment(str(booking["id"]), system("test"), wiring.checkout())
    assert market.as_pavel(booking, "accept").status == 200
    _begun(market, booking)
    path = f"/v1/bookings/{booking['id']}/amendments"
    made = market.post(path, {"kind": "overtime", "minutes": 30}, user=market.pavel).json()
    assert (made["status"], made["awaits"]) == ("pending", "client")
    (listed,) = _items(market.api.call("GET", path, user=market.carla).json())
    payment = listed["payment"]
    assert isinstance(payment, dict)
    assert payment["requires_action"]
    assert str(payment["client_secret"]).startswith("pi_")
    (second,) = set(intents) - {first}
    kept = str(intents[first]["payment_method"])
    market.stripe.client().v1.payment_intents.confirm(second, {"payment_method": kept})
    market.stripe.authenticate(second)
    converge_payment(str(made["id"]), system("test"), wiring.checkout())
    (paid,) = _items(market.api.call("GET", path, user=market.carla).json())
    assert paid["status"] == "accepted"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"lines": []}, 400, "invalid_request"),
        ({"lines": LINES, "minutes": 5}, 400, "invalid_request"),
        ({"kind": "overtime", "lines": LINES}, 400, "invalid_request"),
        ({"lines": [{"title": "Less", "amount": {"amount_minor": -1, "currency": "USD"}}]}, 400, "invalid_request"),
        ({"lines": [{"title": "x", "amount": {"amount_minor": 99_00, "currency": "USD"}}]}, 409, "amendment_too_large"),
        ({"kind": "overtime", "minutes": 5}, 400, "overtime_by_provider"),
    ],
)  # fmt: skip
def test_what_cannot_be_proposed_is_refused_and_nothing_changes(
    market: Market, body: object, status: int, code: str
) -> None:
    booking = _accepted(market)
    answer = market.post(f"/v1/bookings/{booking['id']}/amendments", body)
    assert (answer.status, answer.json()["code"]) == (status, code)
    assert len(market.stripe.simulator.world.kept("payment_intent")) == 1


def test_strangers_find_nothing(market: Market) -> None:
    booking, stranger = _accepted(market), Caller(groups=("client",))
    path = f"/v1/bookings/{booking['id']}/amendments"
    proposed = market.post(path, {"lines": LINES}).json()
    assert market.api.call("GET", path, user=stranger).status == 404
    assert market.post(path, {"lines": LINES}, user=stranger).status == 404
    for step in ("accept", "decline", "withdraw"):
        assert market.post(f"{path}/{proposed['id']}/{step}", user=stranger).status == 404
    other = _accepted(market, starts_at=None, ends_at=None)
    elsewhere = f"/v1/bookings/{other['id']}/amendments/{proposed['id']}"
    assert market.post(f"{elsewhere}/accept", user=market.pavel).status == 404
    assert market.post(f"{path}/{booking['id']}/accept", user=market.pavel).status == 404
    assert _items(market.api.call("GET", path, user=market.carla).json())[0]["status"] == "pending"


def test_graphql_proposes_answers_and_shows_them_with_their_booking(market: Market) -> None:
    booking = _accepted(market)
    lines = [{"title": "A second look", "amount": {"amountMinor": 20_00, "currency": "USD"}}]
    one = told(market, PROPOSE, market.pavel, id=booking["id"], input={"lines": lines})
    assert (one["status"], one["awaits"], one["total"]) == (
        "pending", "client", {"amountMinor": 21_00, "currency": "USD"},
    )  # fmt: skip
    other = told(market, PROPOSE, market.pavel, id=booking["id"], input={"lines": lines})
    third = told(market, PROPOSE, market.pavel, id=booking["id"], input={"lines": lines})
    ids = {"booking": booking["id"]}
    paid = told(market, ANSWER % "acceptAmendment", market.carla, id=one["id"], **ids)
    assert paid == {"status": "accepted", "payment": {"status": "captured"}}
    assert (
        told(market, ANSWER % "declineAmendment", market.carla, id=other["id"], **ids)["status"]
        == "cancelled"
    )
    assert (
        told(market, ANSWER % "withdrawAmendment", market.pavel, id=third["id"], **ids)["status"]
        == "cancelled"
    )
    refused = ask(market, ANSWER % "acceptAmendment", market.pavel, id=one["id"], **ids)
    assert code_of(refused) in {"forbidden", "illegal_transition"}
    shown = told(market, SHOWN, market.carla, id=booking["id"])
    assert shown["amendmentsTotal"] == one["total"]
    assert [(kept["status"], kept["proposedBy"]) for kept in _items({"items": shown["amendments"]})] == [
        ("accepted", "provider"), ("cancelled", "provider"), ("cancelled", "provider"),
    ]  # fmt: skip


def _items(page: Json) -> list[Json]:
    items = page["items"]
    assert isinstance(items, list)
    return items
