"""Bookings over real HTTP: the call that callers rely on, forty clients at once, a Stripe that breaks off."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx
import pytest

from local.api import items, text
from tests.e2e.cloud import Cloud
from tests.e2e.market import Market, Person, Stripe, an_offer, once_each

CROWD = 40
CREATE = "mutation Book($input: CreateBookingInput!) { createBooking(input: $input) { id status amount } }"
HALF_AN_HOUR = 30  # so that forty sessions fit into a day
DAYS_AHEAD = 5


@pytest.fixture(scope="module")
def market(cloud: Cloud) -> Market:
    return Market(cloud)


@pytest.fixture(scope="module")
def stripe(cloud: Cloud) -> Stripe:
    return Stripe(cloud)


@pytest.fixture(scope="module")
def crowd(market: Market) -> list[Person]:
    """Forty clients, signed in; as many workers of the function have been started, a few at a time."""
    clients = [market.client() for _ in range(CROWD)]
    for size in (CROWD // 4, CROWD // 2, CROWD):
        answers = _all_at_once(clients[:size], lambda client: market.try_post("/v1/bookings", client))
        assert {answer.status_code for answer in answers} == {400}
    return clients


def test_a_booking_by_client_provider_and_amount_is_what_callers_rely_on(
    market: Market, stripe: Stripe
) -> None:
    client, provider = market.client(), market.provider()
    wish = {"clientId": client.id, "providerId": provider.id, "amount": 100}
    answer = market.try_post("/graphql", client, {"query": CREATE, "variables": {"input": wish}})
    assert answer.status_code == 200
    assert "errors" not in answer.json()
    booking = answer.json()["data"]["createBooking"]
    assert (booking["status"], booking["amount"]) == ("pending", 100)
    (asked,) = [
        params
        for params in stripe.calls("POST", "/v1/payment_intents")
        if params["transfer_group"] == booking["id"]
    ]
    assert {name: str(asked[name]) for name in ("amount", "currency", "capture_method")} == {
        "amount": "10000",
        "currency": "usd",
        "capture_method": "manual",
    }
    assert text(stripe.intent_of(booking["id"]), "amount_received") == "0"


def test_whoever_is_asked_and_whoever_asks_are_told_and_each_fact_stands_once(market: Market) -> None:
    client, provider = market.client(), market.provider()
    booking_id = market.book(client, an_offer(provider, market.day(DAYS_AHEAD)))
    market.step(booking_id, "accept", provider)
    market.settle()
    assert market.told(provider, booking_id) == ["booking.requested"]
    assert market.told(client, booking_id) == ["booking.accepted"]
    assert market.timeline(booking_id, client) == [
        "booking.requested",
        "payment.authorized",
        "payment.captured",
        "booking.accepted",
    ]


def test_of_forty_clients_who_want_one_slot_one_gets_it_and_nobody_else_pays(
    market: Market, stripe: Stripe, crowd: Sequence[Person]
) -> None:
    provider, day = market.provider(), market.day(DAYS_AHEAD)
    offer = an_offer(provider, day + timedelta(hours=10))
    known = {text(intent, "id") for intent in stripe.intents()}
    answers = _all_at_once(crowd, lambda client: market.ask_patiently("/v1/bookings", client, offer))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: CROWD - 1}
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"slot_taken"}
    market.settle()
    (intent,) = [intent for intent in stripe.intents() if text(intent, "id") not in known]
    (booking_id,) = [answer.json()["id"] for answer in answers if answer.status_code == 201]
    assert (text(intent, "transfer_group"), text(intent, "status")) == (booking_id, "requires_capture")
    assert market.free_spans(provider, day) == [("00:00", "10:00"), ("11:00", "00:00")]
    assert _bookings_of(market, provider) == [booking_id]
    market.step(booking_id, "decline", provider)
    assert market.free_spans(provider, day) == [("00:00", "00:00")], "a hold that nobody owns is left"


def test_forty_clients_who_want_forty_slots_of_one_day_all_get_them(
    market: Market, stripe: Stripe, crowd: Sequence[Person]
) -> None:
    provider, day = market.provider(), market.day(DAYS_AHEAD)
    starts = {client: day + timedelta(minutes=HALF_AN_HOUR * place) for place, client in enumerate(crowd)}

    def book(client: Person) -> httpx.Response:
        offer = an_offer(provider, starts[client], minutes=HALF_AN_HOUR)
        return market.ask_patiently("/v1/bookings", client, offer)

    answers = _all_at_once(crowd, book)
    assert Counter(answer.status_code for answer in answers) == {201: CROWD}
    booked = {answer.json()["id"] for answer in answers}
    assert {answer.json()["payment"]["status"] for answer in answers} == {"authorized"}
    held = [intent for intent in stripe.intents() if text(intent, "transfer_group") in booked]
    assert [text(intent, "status") for intent in held] == ["requires_capture"] * CROWD
    assert market.free_spans(provider, day) == [("20:00", "00:00")]
    assert set(_bookings_of(market, provider)) == booked


@pytest.mark.parametrize("kind", ["timeout", "applied_then_timeout"])
def test_what_stripe_breaks_off_heals_by_itself_without_a_webhook(
    market: Market, stripe: Stripe, kind: str
) -> None:
    client, provider, day = market.client(), market.provider(), market.day(DAYS_AHEAD)
    to_capture, to_void, to_refund = (
        market.book(client, an_offer(provider, day + timedelta(hours=hour))) for hour in (1, 3, 5)
    )
    market.step(to_refund, "accept", provider)
    market.settle()
    market.cloud.stripe.set_webhooks(mode="drop")
    try:
        new = an_offer(provider, day + timedelta(hours=7))
        _broken(stripe, "/v1/payment_intents", kind, lambda: market.try_post("/v1/bookings", client, new))
        (to_authorize,) = set(_bookings_of(market, provider)) - {to_capture, to_void, to_refund}
        for path, booking_id, step, who in (
            ("/v1/payment_intents/*/capture", to_capture, "accept", provider),
            ("/v1/payment_intents/*/cancel", to_void, "decline", provider),
            ("/v1/refunds", to_refund, "cancel", client),
        ):
            call = f"/v1/bookings/{booking_id}/{step}"
            _broken(stripe, path, kind, lambda call=call, who=who: market.try_post(call, who))  # type: ignore[misc]
        assert market.states(to_authorize, client) == ("pending", "requires_payment")
        assert market.states(to_capture, client) == ("pending", "authorized")
        assert market.states(to_void, client) == ("cancelled", "authorized")
        assert market.states(to_refund, client) == ("cancelled", "captured")
        market.minutes_pass(3)
    finally:
        market.cloud.stripe.set_webhooks(mode="normal")
    for booking_id, states, at_stripe in (
        (to_authorize, ("pending", "authorized"), "requires_capture"),
        (to_capture, ("accepted", "captured"), "succeeded"),
        (to_void, ("cancelled", "voided"), "canceled"),
        (to_refund, ("cancelled", "partially_refunded"), "succeeded"),
    ):
        assert market.states(booking_id, client) == states
        intent = stripe.intent_of(booking_id)
        assert text(intent, "status") == at_stripe
        assert once_each(market.timeline(booking_id, client))
    refunds = items(stripe.get("/v1/refunds", payment_intent=text(stripe.intent_of(to_refund), "id")), "data")
    assert [text(refund, "amount") for refund in refunds] == ["9524"]
    assert market.is_balanced()


def _broken(stripe: Stripe, path: str, kind: str, call: Callable[[], httpx.Response]) -> None:
    """Make a call while Stripe breaks off whatever it is asked at a path, the SDK's second try too."""
    stripe.fail(path, kind, times=2)
    try:
        assert call().status_code in {200, 503}
    finally:
        stripe.fail(path, kind, times=0)


def _all_at_once(people: Sequence[Person], call: Callable[[Person], httpx.Response]) -> list[httpx.Response]:
    with ThreadPoolExecutor(len(people)) as threads:
        return list(threads.map(call, people))


def _bookings_of(market: Market, provider: Person) -> list[str]:
    """The ids of all that a provider was asked for."""
    page = market.get("/v1/bookings?party=provider&limit=100", provider)
    return [text(booking, "id") for booking in items(page)]
