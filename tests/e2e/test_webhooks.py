"""Stripe's webhooks held, repeated, shuffled and dropped: all ends as if they had come as they should."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from pydantic import JsonValue

from local import lambdas
from local.api import text
from tests.e2e.cloud import Cloud
from tests.e2e.endings import Ending, ending
from tests.e2e.market import Market, Person, Stripe, an_offer

WORKER = "payments/apply_stripe_event"
REPEATED = 4  # times more than once
# Longer than a quiet payment is left alone (payments.rules.CHECK_AFTER).
SWEPT_AFTER_MINUTES = 3
# What is due at once (a transfer that is looked at) happens; nobody looks at quiet payments yet.
DUE_AT_ONCE_MINUTES = 1
DAYS_AHEAD = 6


@dataclass(frozen=True, slots=True)
class Disturbance:
    """What becomes of webhooks, and what then has to bring the news: they themselves, or the sweeper."""

    settings: dict[str, JsonValue] = field(default_factory=dict)
    flushes: bool = False
    sweeps: bool = False


DISTURBANCES = {
    "held": Disturbance({"mode": "hold"}, sweeps=True),
    "repeated": Disturbance({"duplicate": REPEATED}),
    "shuffled": Disturbance({"mode": "hold", "shuffle": True}, flushes=True),
    "dropped": Disturbance({"mode": "drop"}, sweeps=True),
}


@pytest.fixture(scope="module")
def market(cloud: Cloud) -> Market:
    return Market(cloud)


@pytest.fixture(scope="module")
def undisturbed(market: Market) -> dict[str, Ending]:
    provider = market.provider()
    with _webhooks(market, Disturbance()):
        return _three_bookings(market, Disturbance(), provider)


@pytest.fixture
def provider(market: Market) -> Person:
    """Known to Stripe before its webhooks are disturbed: who cannot be paid cannot accept."""
    person = market.provider()
    market.settle()
    return person


def test_without_disturbance_three_bookings_end_as_they_should(undisturbed: dict[str, Ending]) -> None:
    assert {name: found.states for name, found in undisturbed.items()} == {
        "accepted": ("accepted", "captured"),
        "declined": ("cancelled", "voided"),
        "refunded": ("cancelled", "partially_refunded"),
    }
    assert undisturbed["accepted"].timeline == [
        "booking.requested",
        "payment.authorized",
        "payment.captured",
        "booking.accepted",
    ]
    assert undisturbed["declined"].ledger == []
    causes = " ".join(cause for cause, _ in undisturbed["refunded"].ledger)
    assert causes == "capture kept_fees processing refund"


@pytest.mark.parametrize("name", DISTURBANCES)
def test_disturbed_webhooks_change_nothing_in_the_end(
    market: Market, provider: Person, undisturbed: dict[str, Ending], name: str
) -> None:
    disturbance, since_ms = DISTURBANCES[name], lambdas.now_ms()
    with _webhooks(market, disturbance):
        endings = _three_bookings(market, disturbance, provider)
    assert endings == undisturbed
    assert market.is_balanced()
    done = Counter(event for event, outcome in market.consumed(WORKER, since_ms) if outcome == "done")
    assert set(done.values()) <= {1}, "an event was consumed more than once"
    assert bool(done) is (name != "dropped")


def test_of_five_deliveries_one_has_an_effect_and_four_are_known(market: Market, provider: Person) -> None:
    since_ms, client = lambdas.now_ms(), market.client()
    with _webhooks(market, DISTURBANCES["repeated"]):
        booking_id = market.book(client, an_offer(provider, market.day(DAYS_AHEAD)))
        market.settle()
    outcomes = Counter(outcome for _, outcome in market.consumed(WORKER, since_ms))
    assert outcomes["done"] >= 1
    assert outcomes["duplicate"] == REPEATED * outcomes["done"]
    assert market.timeline(booking_id, client) == ["booking.requested", "payment.authorized"]


@contextmanager
def _webhooks(market: Market, disturbance: Disturbance) -> Iterator[None]:
    """Disturbed meanwhile; what is held then arrives after all, late."""
    control = market.cloud.stripe
    market.settle()
    control.set_webhooks(**disturbance.settings)
    try:
        yield
    finally:
        control.set_webhooks(mode="normal", duplicate=0, shuffle=False)
        control.flush_webhooks()
        market.settle()


def _three_bookings(market: Market, disturbance: Disturbance, provider: Person) -> dict[str, Ending]:
    """One is accepted, one declined, one refunded; each was paid with a form, behind our back."""
    client, start = market.client(), market.day(DAYS_AHEAD)
    booked = {
        name: _paid_with_a_form(market, client, an_offer(provider, start + timedelta(hours=2 * place)))
        for place, name in enumerate(("accepted", "declined", "refunded"))
    }
    _news_come(market, disturbance)
    for booking_id in booked.values():
        market.becomes(booking_id, client, "pending", "authorized")
    market.step(booked["accepted"], "accept", provider)
    market.step(booked["declined"], "decline", provider)
    market.step(booked["refunded"], "accept", provider)
    market.step(booked["refunded"], "cancel", client)
    _news_come(market, disturbance)
    if disturbance.settings.get("mode") == "hold":
        market.cloud.stripe.flush_webhooks()
    market.settle()
    market.minutes_pass(DUE_AT_ONCE_MINUTES)
    return {name: ending(market, booking_id, client, provider) for name, booking_id in booked.items()}


def _paid_with_a_form(market: Market, client: Person, offer: dict[str, object]) -> str:
    """Book without a card, and confirm the PaymentIntent as the client's browser does."""
    del offer["payment_method"]
    booking = market.post("/v1/bookings", client, offer)
    assert text(booking, "payment", "status") == "requires_payment"
    Stripe(market.cloud).confirm(text(booking, "payment", "client_secret"))
    return text(booking, "id")


def _news_come(market: Market, disturbance: Disturbance) -> None:
    if disturbance.flushes:
        market.cloud.stripe.flush_webhooks()
    if disturbance.sweeps:
        market.minutes_pass(SWEPT_AFTER_MINUTES)
