"""From the client's card to the provider's account and back again, on real functions with IAM enforced."""

from datetime import timedelta

import httpx
import pytest

from local.api import items, text
from tests.e2e.cloud import Cloud
from tests.e2e.market import Market, Person, Stripe, an_offer, eventually

WEEK_HOURS = 7 * 24
NET, REFUND = 83_81, 20_00  # of a direct offer of 100.00 (numbers.md)


@pytest.fixture(scope="module")
def market(cloud: Cloud) -> Market:
    return Market(cloud)


@pytest.fixture(scope="module")
def stripe(cloud: Cloud) -> Stripe:
    return Stripe(cloud)


@pytest.fixture(scope="module")
def sven(market: Market) -> Person:
    return market.staff("support")


@pytest.fixture(scope="module")
def paid(market: Market) -> tuple[str, Person, Person]:
    """A booking that is over and paid for: its id, client and provider."""
    client, provider = market.client(), market.provider()
    booking_id = market.book(client, an_offer(provider, market.now() + timedelta(hours=2)))
    market.step(booking_id, "accept", provider)
    market.minutes_pass(4 * 60)
    market.step(booking_id, "complete", client)
    market.minutes_pass(WEEK_HOURS * 60 + 60)
    return booking_id, client, provider


def test_a_provider_is_paid_a_week_after_their_first_booking(
    market: Market, stripe: Stripe, paid: tuple[str, Person, Person]
) -> None:
    booking_id, _, provider = paid
    transfer = market.get(f"/v1/bookings/{booking_id}/transfer", provider)
    assert text(transfer, "status") == "transferred"
    (made,) = items(stripe.get("/v1/transfers", transfer_group=booking_id), "data")
    assert made["amount"] == NET
    assert made["source_transaction"] == stripe.intent_of(booking_id)["latest_charge"]
    assert market.timeline(booking_id, provider)[-1] == "transfer.paid"
    assert market.is_balanced()


def test_nobody_but_the_provider_and_staff_sees_what_they_get(
    market: Market, paid: tuple[str, Person, Person]
) -> None:
    booking_id, client, _ = paid
    for stranger in (client, market.provider()):
        answer = market.cloud.api.send(
            "GET", f"/v1/bookings/{booking_id}/transfer", user=stranger.name, body=None, headers={}
        )
        assert answer.status_code in {403, 404}


def test_support_gives_money_back_and_takes_it_from_who_was_paid(
    market: Market, stripe: Stripe, sven: Person, paid: tuple[str, Person, Person]
) -> None:
    booking_id, client, provider = paid
    asked = {"amount": {"amount_minor": REFUND, "currency": "USD"}, "reason": "The light failed"}
    path = f"/v1/admin/bookings/{booking_id}/refunds"
    assert market.try_post(path, client, asked).status_code == 403
    refund = market.post(path, sven, asked)
    assert text(refund, "status") == "approved"
    market.becomes(booking_id, client, "completed", "partially_refunded")
    (made,) = items(stripe.get("/v1/transfers", transfer_group=booking_id), "data")
    transfer = market.get(f"/v1/bookings/{booking_id}/transfer", provider)
    assert made["amount_reversed"] == NET - int(text(transfer, "transferred", "amount_minor"))
    assert 0 < int(str(made["amount_reversed"])) < REFUND
    (given,) = items(
        stripe.get("/v1/refunds", payment_intent=text(stripe.intent_of(booking_id), "id")), "data"
    )
    assert given["amount"] == REFUND
    assert market.is_balanced()


def test_the_receipt_says_what_was_paid_and_given_back(
    market: Market, sven: Person, paid: tuple[str, Person, Person]
) -> None:
    booking_id, client, _ = paid
    market.settle()
    link = eventually(
        lambda: market.get(f"/v1/bookings/{booking_id}/receipt?format=pdf", client),
        lambda found: text(found, "url") != "",
    )
    fetched = httpx.get(text(link, "url"), timeout=10, trust_env=False)
    assert fetched.status_code == 200
    assert fetched.content.startswith(b"%PDF-")
