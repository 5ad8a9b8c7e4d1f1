"""Bookings over real HTTP: the call that callers rely on, forty clients at once, a Stripe that breaks off."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import httpx
import pytest

from local.api import items, text
from tests.e2e.cloud import Cloud
from tests.e2e.market import Market, Person, Stripe, an_offer, eventually

CROWD = 40
CREATE = "mutation Book($input: CreateBookingInput!) { createBooking(input: $input) { id status amount } }"
HALF_AN_HOUR = 30  # so that forty sessions fit into a day
DAYS_AHEAD = 5
# Longer than a quiet payment is left alone (payments.rules.CHECK_AFTER).
SWEPT_AFTER_MINUTES = 3


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
        _all_at_once(clients[:size], lambda client: market.try_post("/v1/bookings", client))
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
    assert market.told(client, booking_id) == ["booking.accepted", "receipt.issued"]
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


HEALED = {
    "authorize": ("pending", "authorized"),
    "capture": ("accepted", "captured"),
    "void": ("cancelled", "voided"),
    "refund": ("cancelled", "partially_refunded"),
}


@pytest.mark.parametrize("kind", ["timeout", "applied_then_timeout"])
def test_what_stripe_breaks_off_heals_by_itself_without_a_webhook(
    market: Market, stripe: Stripe, kind: str
) -> None:
    client, provider = market.client(), market.provider()
    with _no_webhooks(market):
        booked = _each_step_broken_off(market, stripe, kind, client, provider)
        assert {step: market.states(booking_id, client) for step, booking_id in booked.items()} == {
            "authorize": ("pending", "requires_payment"),
            "capture": ("pending", "authorized"),
            "void": ("cancelled", "authorized"),
            "refund": ("cancelled", "captured"),
        }
        market.minutes_pass(SWEPT_AFTER_MINUTES)
        eventually(
            lambda: {step: market.states(booking_id, client) for step, booking_id in booked.items()},
            lambda seen: seen == HEALED,
        )
    intents = {step: stripe.intent_of(booking_id) for step, booking_id in booked.items()}
    assert {step: text(intent, "status") for step, intent in intents.items()} == {
        "authorize": "requires_capture",
        "capture": "succeeded",
        "void": "canceled",
        "refund": "succeeded",
    }
    refunds = items(stripe.get("/v1/refunds", payment_intent=text(intents["refund"], "id")), "data")
    assert [text(refund, "amount") for refund in refunds] == ["9524"]
    for booking_id in booked.values():
        facts = market.timeline(booking_id, client)
        assert len(set(facts)) == len(facts), "something is told twice"
    assert market.is_balanced()


def _each_step_broken_off(
    market: Market, stripe: Stripe, kind: str, client: Person, provider: Person
) -> dict[str, str]:
    """Four bookings, each by the step at which Stripe did not answer."""
    day = market.day(DAYS_AHEAD)
    booked = {
        step: market.book(client, an_offer(provider, day + timedelta(hours=2 * place)))
        for place, step in enumerate(("capture", "void", "refund"))
    }
    market.step(booked["refund"], "accept", provider)
    for path, step, verb, who in (
        ("/v1/payment_intents/*/capture", "capture", "accept", provider),
        ("/v1/payment_intents/*/cancel", "void", "decline", provider),
        ("/v1/refunds", "refund", "cancel", client),
    ):
        with _broken_off(stripe, path, kind):
            answer = market.try_post(f"/v1/bookings/{booked[step]}/{verb}", who)
        assert answer.status_code == (503 if step == "capture" else 200), answer.text
    with _broken_off(stripe, "/v1/payment_intents", kind):
        answer = market.try_post("/v1/bookings", client, an_offer(provider, day + timedelta(hours=8)))
    assert (answer.status_code, answer.json()["code"]) == (503, "payments_unavailable")
    (left,) = set(_bookings_of(market, provider)) - set(booked.values())
    return {**booked, "authorize": left}


@contextmanager
def _no_webhooks(market: Market) -> Iterator[None]:
    market.settle()
    market.cloud.stripe.set_webhooks(mode="drop")
    try:
        yield
    finally:
        market.cloud.stripe.set_webhooks(mode="normal")


@contextmanager
def _broken_off(stripe: Stripe, path: str, kind: str) -> Iterator[None]:
    """Stripe does not answer there, nor when the SDK tries a second time."""
    stripe.fail(path, kind, times=2)
    try:
        yield
    finally:
        stripe.fail(path, kind, times=0)


def _all_at_once(people: Sequence[Person], call: Callable[[Person], httpx.Response]) -> list[httpx.Response]:
    with ThreadPoolExecutor(len(people)) as threads:
        return list(threads.map(call, people))


def _bookings_of(market: Market, provider: Person) -> list[str]:
    """The ids of all that a provider was asked for."""
    page = market.get("/v1/bookings?party=provider&limit=100", provider)
    return [text(booking, "id") for booking in items(page)]
