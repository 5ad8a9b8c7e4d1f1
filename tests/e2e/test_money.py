"""From the client's card to the provider's account and back again, on real functions with IAM enforced."""

from datetime import timedelta

import httpx
import pytest

from local.api import items, text
from tests.e2e.cloud import Cloud
from tests.e2e.market import Market, Person, Stripe, an_offer, eventually

WEEK_HOURS = 7 * 24
NET, REFUND = 83_81, 20_00  # of a direct offer of 100.00 (numbers.md)
CLOSED_AFTER_HOURS = 4  # a day is closed once it is over for three
CARD = "tok_visa_debit_us_transferSuccess"  # takes money at once


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
    stripe = Stripe(market.cloud)
    (account,) = [
        text(one, "id")
        for one in items(stripe.get("/v1/accounts", limit="100"), "data")
        if text(one, "metadata", "user_id") == provider.id
    ]
    stripe.post(f"/v1/accounts/{account}", **{"settings[payouts][schedule][interval]": "manual"})
    stripe.post(
        f"/v1/accounts/{account}/external_accounts", external_account=CARD, default_for_currency="true"
    )
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
    receipt = market.receipt(booking_id, client)
    assert receipt is not None
    assert text(receipt, "refunded", "amount_minor") == str(REFUND)
    assert int(text(receipt, "charged", "amount_minor")) - REFUND == int(
        text(receipt, "paid", "amount_minor")
    )


def test_the_rest_is_at_their_card_at_once_then_lost_to_a_dispute_and_the_day_closes_clean(
    market: Market, stripe: Stripe, sven: Person, paid: tuple[str, Person, Person]
) -> None:
    booking_id, client, provider = paid
    quoted = market.get("/v1/payouts/instant", provider)
    assert market.post("/v1/payouts/instant", provider)["amount"] == quoted["amount"]
    market.minutes_pass(60)
    (payout,) = items(market.get("/v1/payouts", provider))
    assert (text(payout, "status"), text(payout, "method")) == ("paid", "instant")
    assert payout["fee"] == quoted["fee"]

    day = f"{market.now():%Y-%m-%d}"
    stripe.act("/_sim/disputes", charge=text(stripe.intent_of(booking_id), "latest_charge"))
    market.becomes(booking_id, client, "completed", "disputed")
    refused = market.try_post("/v1/payouts/instant", provider)
    assert (refused.status_code, refused.json()["code"]) == (409, "instant_payout_disputed")
    (dispute,) = items(market.get(f"/v1/admin/bookings/{booking_id}/disputes", sven))
    stripe.act(f"/_sim/disputes/{text(dispute, 'id')}", outcome="lost")
    market.settle()
    (dispute,) = items(market.get(f"/v1/admin/bookings/{booking_id}/disputes", sven))
    assert text(dispute, "status") == "lost"
    owing = market.try_post("/v1/payouts/instant", provider)
    assert (owing.status_code, owing.json()["code"]) == (409, "instant_payout_owing")
    assert market.is_balanced()

    closable_at = market.day(1) + timedelta(hours=CLOSED_AFTER_HOURS)
    market.time_passes_unseen((closable_at - market.now()).total_seconds())
    fiona = market.staff("finance")
    assert market.try_post(f"/v1/admin/closes/{day}/run", fiona).is_success
    close = eventually(
        lambda: market.get(f"/v1/admin/closes/{day}", fiona), lambda found: text(found, "status") != "running"
    )
    assert (text(close, "status"), close["open"], items(close)) == ("clean", 0, [])
    assert f"dispute_lost:{text(dispute, 'id')}" in {text(one, "cause") for one in market.entries(booking_id)}
