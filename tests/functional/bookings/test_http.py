"""Bookings over HTTP: real handlers, real tables in process, the real Stripe SDK over the simulator."""

from datetime import UTC, datetime, timedelta

import pytest

from callsheet.kernel.ids import new_id
from tests.support.market import Market
from tests.support.truths import all_bookings

ACCEPTED = {"status": "accepted", "payment": "captured"}


def test_a_direct_offer_of_a_hundred_asks_stripe_for_ten_thousand_cents_and_captures_nothing(
    market: Market,
) -> None:
    booking = market.book()
    assert (booking["status"], booking["amount"]) == ("pending", 100)
    assert booking["total"] == {"amount_minor": 10_000, "currency": "USD"}
    assert booking["client_id"] == market.carla.user_id
    (created,) = [one for one in market.stripe.requests if one["path"] == "/v1/payment_intents"]
    params = created["params"]
    assert isinstance(params, dict)
    asked = (str(params["amount"]), params["currency"], params["capture_method"])
    assert asked == ("10000", "usd", "manual")
    assert "/capture" not in " ".join(market.stripe.calls())


def test_accepting_captures_and_the_parties_see_it(market: Market) -> None:
    booking = market.book()
    accepted = market.as_pavel(booking, "accept").json()
    payment = accepted["payment"]
    assert isinstance(payment, dict)
    assert {"status": accepted["status"], "payment": payment["status"]} == ACCEPTED
    seen = market.api.call("GET", f"/v1/bookings/{booking['id']}", user=market.carla).json()
    assert seen["status"] == "accepted"
    listed = market.api.call("GET", "/v1/bookings?party=provider&status=accepted", user=market.pavel).json()
    assert [one["id"] for one in _items(listed)] == [booking["id"]]
    timeline = market.api.call("GET", f"/v1/bookings/{booking['id']}/timeline", user=market.pavel).json()
    assert [one["name"] for one in _items(timeline)] == [
        "booking.requested",
        "payment.authorized",
        "payment.captured",
        "booking.accepted",
    ]


def test_the_same_key_answers_the_same_and_another_body_is_refused(market: Market) -> None:
    body = market.asked()
    first = market.post("/v1/bookings", body, key="k-1")
    again = market.post("/v1/bookings", body, key="k-1")
    assert (first.status, again.status, again.json()) == (201, 201, first.json())
    other = market.post("/v1/bookings", {**body, "amount": 200}, key="k-1")
    assert (other.status, other.json()["code"]) == (422, "idempotency_key_reused")
    assert len(all_bookings()) == 1


def test_a_refused_card_is_402_and_stays_so_under_its_key(market: Market) -> None:
    body = market.asked(payment_method="pm_card_chargeDeclinedInsufficientFunds")
    for _ in range(2):
        refused = market.post("/v1/bookings", body, key="k-2")
        assert (refused.status, refused.json()["code"], refused.json()["reason"]) == (
            402,
            "payment_declined",
            "insufficient_funds",
        )
    assert market.stripe.calls().count("POST /v1/payment_intents") == 1
    assert market.book()["status"] == "pending"


def test_a_bank_that_asks_leaves_a_secret_for_the_client_alone(market: Market) -> None:
    booking = market.book(payment_method="pm_card_authenticationRequired")
    payment = booking["payment"]
    assert isinstance(payment, dict)
    assert payment["requires_action"]
    assert str(payment["client_secret"]).startswith("pi_")
    theirs = market.api.call("GET", f"/v1/bookings/{booking['id']}", user=market.pavel).json()["payment"]
    assert isinstance(theirs, dict)
    assert theirs["client_secret"] is None


def test_a_taken_slot_is_a_409_that_asked_for_no_money(market: Market) -> None:
    body = market.asked()
    market.post("/v1/bookings", body)
    asked = market.stripe.calls()
    loser = market.post("/v1/bookings", body, user=market.stranger)
    assert (loser.status, loser.json()["code"]) == (409, "slot_taken")
    assert market.stripe.calls() == asked


PAST, FUTURE = "2020-01-01T10:00:00Z", "2035-01-01T10:00:00Z"


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": 0}, {"amount": -5}, {"amount": 1.5}, {"amount": "100"}, {"amount": 10**12}, {"amount": True},
        {"amount": 10**9}, {"amount": 2}, {"amount": None},
        {"currency": "XXX"}, {"currency": "usd"}, {"currency": "KWD"}, {"currency": "CLF", "amount": 10**9},
        {"starts_at": PAST, "ends_at": PAST}, {"starts_at": FUTURE}, {"ends_at": PAST}, {"starts_at": None},
        {"starts_at": "2026-01-01T10:00:00"}, {"starts_at": "0001-01-01T00:00:00+12:00"}, {"starts_at": 5},
        {"provider_id": "usr_1"}, {"provider_id": None}, {"service_id": "x"},
        {"payment_method": "card"}, {"payment_method": "pm_none_of_ours"}, {"note": ""}, {"note": "x" * 3000},
        {"status": "accepted"}, {"studio_id": "std_1"},
    ],
    ids=str,
)  # fmt: skip
def test_what_makes_no_sense_is_a_400_that_says_so_and_leaves_nothing(
    market: Market, changes: dict[str, object]
) -> None:
    answer = market.post("/v1/bookings", market.asked(**changes))
    assert answer.status == 400, answer.body
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"]
    assert [booking for booking in all_bookings().values() if booking.status != "cancelled"] == []


@pytest.mark.parametrize("body", ["", "null", "[]", "{", '"x"', '{"amount": NaN}', "[" * 2000])
def test_what_is_no_request_is_a_400(market: Market, body: str) -> None:
    answer = market.api.call("POST", "/v1/bookings", body=body or "{}", user=market.carla)
    assert answer.status == 400
    assert all_bookings() == {}


def test_a_huge_body_is_a_413(market: Market) -> None:
    assert market.post("/v1/bookings", market.asked(note="x" * 70_000)).status == 413


def test_somebody_else_s_booking_does_not_exist_for_a_stranger(market: Market) -> None:
    booking = market.book()
    path = f"/v1/bookings/{booking['id']}"
    assert market.api.call("GET", path, user=market.stranger).status == 404
    assert market.api.call("GET", f"{path}/timeline", user=market.stranger).status == 404
    for step in ("accept", "decline", "cancel", "complete"):
        assert market.post(f"{path}/{step}", user=market.stranger).status == 404
    assert market.post(f"{path}/problem", {"description": "x"}, user=market.stranger).status == 404
    assert market.post(f"{path}/accept", user=market.carla).status == 403
    assert market.api.call("GET", path, user=market.carla).json()["status"] == "pending"


def test_unknown_people_and_bookings_are_404_and_no_token_is_401(market: Market) -> None:
    assert market.post("/v1/bookings", market.asked(provider_id=new_id("usr"))).status == 404
    assert market.post(f"/v1/bookings/{new_id('bkg')}/accept", user=market.pavel).status == 404
    assert market.post("/v1/bookings/nonsense/accept", user=market.pavel).status == 404
    assert market.api.call("GET", "/v1/bookings").status == 401


def test_a_forged_or_borrowed_cursor_is_a_400(market: Market) -> None:
    starts = datetime.now(UTC) + timedelta(days=5)
    for number in range(2):
        at = starts + timedelta(hours=3 * number)
        market.book(starts_at=at.isoformat(), ends_at=(at + timedelta(hours=2)).isoformat())
    page = market.api.call("GET", "/v1/bookings?limit=1", user=market.carla).json()
    cursor = str(page["next_cursor"])
    assert market.api.call("GET", f"/v1/bookings?limit=1&cursor={cursor}", user=market.carla).status == 200
    for forged in (cursor[:-3] + "abc", "x", cursor + "A", ""):
        answer = market.api.call("GET", f"/v1/bookings?cursor={forged}", user=market.carla)
        assert (answer.status, answer.json()["code"]) == (400, "invalid_cursor"), forged
    assert market.api.call("GET", f"/v1/bookings?cursor={cursor}", user=market.stranger).status == 400
    assert market.api.call("GET", "/v1/bookings?limit=101", user=market.carla).status == 400
    backwards = "starts_from=2026-05-02T00:00:00Z&starts_before=2026-05-01T00:00:00Z"
    assert market.api.call("GET", f"/v1/bookings?{backwards}", user=market.carla).status == 400


def test_a_quote_says_what_creating_would_cost(market: Market) -> None:
    at = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    body = {
        "provider_id": market.provider.profile_id,
        "service_id": market.provider.service_id,
        "starts_at": at,
    }
    quote = market.post("/v1/quotes", body).json()
    assert quote["total"] == {"amount_minor": 315_00, "currency": "USD"}
    booked = market.post("/v1/bookings", {**body, "payment_method": "pm_card_visa"}).json()
    assert booked["total"] == quote["total"]
    assert booked["ends_at"] == quote["ends_at"]


def test_cancelling_after_acceptance_refunds_by_the_policy_through_stripe(market: Market) -> None:
    booking = market.book()
    market.as_pavel(booking, "accept")
    ended = market.post(f"/v1/bookings/{booking['id']}/cancel", {"reason": "The weather"}).json()
    assert ended["status"] == "cancelled"
    (refund,) = [one for one in market.stripe.requests if one["path"] == "/v1/refunds"]
    params = refund["params"]
    assert isinstance(params, dict)
    assert str(params["amount"]) == "4762"
    payment = ended["payment"]
    assert isinstance(payment, dict)
    assert payment["status"] == "partially_refunded"


def test_when_stripe_does_not_answer_the_caller_is_told_and_the_key_goes_on(market: Market) -> None:
    market.stripe.fail("/v1/payment_intents", "applied_then_timeout", times=1)
    booking = market.post("/v1/bookings", market.asked(), key="k-3")
    assert booking.status == 201
    assert market.stripe.calls().count("POST /v1/payment_intents") == 2
    market.stripe.fail("/v1/payment_intents", "timeout", times=9)
    at = datetime.now(UTC) + timedelta(days=9)
    later = market.asked(starts_at=at.isoformat(), ends_at=(at + timedelta(hours=1)).isoformat())
    away = market.post("/v1/bookings", later, key="k-4")
    assert (away.status, away.json()["code"]) == (503, "payments_unavailable")
    assert "retry-after" in away.headers


def _items(page: dict[str, object]) -> list[dict[str, object]]:
    items = page["items"]
    assert isinstance(items, list)
    return items


@pytest.mark.parametrize(("step", "body"), [("accept", {}), ("decline", {}), ("cancel", {"reason": "Rain"})])
def test_a_decision_under_a_key_is_made_once_and_answered_again(
    market: Market, step: str, body: dict[str, object]
) -> None:
    path, user = (
        f"/v1/bookings/{market.book()['id']}/{step}",
        market.carla if step == "cancel" else market.pavel,
    )
    first = market.post(path, body, user=user, key="k-5")
    again = market.post(path, body, user=user, key="k-5")
    assert (first.status, again.status, again.json()) == (200, 200, first.json())
    assert market.post(path, body, user=user).status == 409
    assert market.post(path, {**body, "x": 1}, user=user, key="k-5").status in {400, 422}
