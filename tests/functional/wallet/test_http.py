"""Wallets over HTTP and GraphQL, as the Lambdas run."""

from collections.abc import Mapping
from datetime import UTC, datetime

from callsheet.kernel.ids import new_id
from callsheet.kernel.money import Money
from callsheet.kernel.principal import system
from callsheet.platform.transaction import Transaction
from callsheet.wallet.for_booking import credit_failed_refund
from tests.functional.graphql.asking import told
from tests.support.gateway import Answer, Caller
from tests.support.market import Market

SUE = Caller(groups=("support",))
CREDIT = {
    "amount": {"amount_minor": 2_000, "currency": "USD"},
    "kind": "goodwill",
    "reason": "The light failed",
}


def give(market: Market, *, user: Caller = SUE, key: str | None = None, **changes: object) -> Answer:
    assert market.api.call("GET", "/v1/me", user=market.carla).status == 200
    path = f"/v1/users/{market.carla.user_id}/wallet/credits"
    return market.post(path, {**CREDIT, **changes}, user=user, key=key)


def test_support_gives_and_both_see_it(market: Market) -> None:
    given = give(market, key="k-1")
    assert given.status == 201, given.body
    assert give(market, key="k-1").json() == given.json()
    mine = market.api.call("GET", "/v1/me/wallet", user=market.carla).json()
    assert mine["balances"] == [CREDIT["amount"]]
    assert mine["items"] == [{**given.json(), "given_by": None, "reason": None}]
    seen = market.api.call("GET", f"/v1/users/{market.carla.user_id}/wallet", user=SUE).json()
    assert seen["items"] == [given.json()]
    assert given.json()["given_by"] == SUE.user_id


def test_who_never_had_credit_has_an_empty_wallet(market: Market) -> None:
    answer = market.api.call("GET", "/v1/me/wallet", user=market.carla)
    assert answer.json() == {"items": [], "next_cursor": None, "balances": []}


def test_clients_and_providers_neither_give_nor_look(market: Market) -> None:
    for user in (market.carla, market.pavel):
        assert give(market, user=user).status == 403
        path = f"/v1/users/{market.carla.user_id}/wallet"
        assert market.api.call("GET", path, user=user).status == 403
    assert market.api.call("GET", "/v1/me/wallet", user=market.carla).json()["balances"] == []


def test_too_much_says_what_is_left_and_that_a_refund_takes_two(market: Market) -> None:
    give(market)
    refused = give(market, amount={"amount_minor": 48_001, "currency": "USD"})
    assert (refused.status, refused.json()["code"]) == (409, "credit_too_large")
    assert refused.json()["left_minor"] == 48_000
    assert market.api.call("GET", "/v1/me/wallet", user=market.carla).json()["balances"] == [CREDIT["amount"]]


def test_there_is_no_wallet_of_what_is_no_user(market: Market) -> None:
    assert market.api.call("GET", f"/v1/users/{new_id('bkg')}/wallet", user=SUE).status == 404


def test_another_wallet_s_cursor_is_refused(market: Market) -> None:
    give(market)
    give(market)
    page = market.api.call("GET", "/v1/me/wallet?limit=1", user=market.carla).json()
    path = f"/v1/me/wallet?limit=1&cursor={page['next_cursor']}"
    assert market.api.call("GET", path, user=market.carla).status == 200
    refused = market.api.call("GET", path, user=market.pavel)
    assert (refused.status, refused.json()["code"]) == (400, "invalid_cursor")


def test_graphql_shows_the_caller_s_own(market: Market) -> None:
    give(market)
    query = """{ wallet(limit: 5) {
      balances { amountMinor currency } items { kind amount { amountMinor } bookingId movedAt } nextCursor
    } }"""
    shown = told(market, query)
    assert shown["balances"] == [{"amountMinor": 2_000, "currency": "USD"}]
    items = shown["items"]
    assert isinstance(items, list)
    assert [(one["kind"], one["bookingId"]) for one in items] == [("goodwill", None)]
    assert told(market, query, market.pavel)["balances"] == []


def test_a_checkout_spends_credit_over_http_and_stripe_is_asked_for_the_rest(market: Market) -> None:
    give(market)
    booking = market.book(use_wallet=True)
    payment = booking["payment"]
    assert isinstance(payment, dict)
    assert payment["wallet"] == CREDIT["amount"]
    assert payment["card"] == {"amount_minor": 8_000, "currency": "USD"}
    (created,) = [one for one in market.stripe.requests if one["path"] == "/v1/payment_intents"]
    params = created["params"]
    assert isinstance(params, dict)
    assert str(params["amount"]) == "8000"
    assert market.as_pavel(booking, "decline").status == 200
    mine = market.api.call("GET", "/v1/me/wallet", user=market.carla).json()
    assert mine["balances"] == [CREDIT["amount"]]
    items = mine["items"]
    assert isinstance(items, list)
    assert {(one["kind"], one["booking_id"]) for one in items} == {
        ("returned", booking["id"]),
        ("spent", booking["id"]),
        ("goodwill", None),
    }


def test_a_checkout_spends_credit_over_graphql(market: Market) -> None:
    give(market)
    query = """mutation($input: CreateBookingInput!) { createBooking(input: $input) {
      status amount payment { wallet { amountMinor } card { amountMinor } }
    } }"""
    offer = {"clientId": market.carla.user_id, "providerId": market.provider.user.id, "amount": 100}
    shown = told(market, query, input={**offer, "useWallet": True})
    assert (shown["status"], shown["amount"]) == ("pending", 100)
    assert shown["payment"] == {"wallet": {"amountMinor": 2_000}, "card": {"amountMinor": 8_000}}
    plain = told(market, query, input=offer)
    assert plain["payment"] == {"wallet": None, "card": {"amountMinor": 10_000}}


def test_what_is_no_yes_or_no_is_refused_and_nothing_is_spent(market: Market) -> None:
    give(market)
    assert market.post("/v1/bookings", market.asked(use_wallet="yes")).status == 400
    assert market.api.call("GET", "/v1/me/wallet", user=market.carla).json()["balances"] == [CREDIT["amount"]]


FINANCE = Caller(groups=("finance",))


def sent_back(market: Market, minor: int) -> str:
    """So much of a refund could not be credited by the client's bank; the refund's id."""
    refund_id, now = new_id("rfd"), datetime.now(UTC)
    txn = Transaction(system("test"), now)
    credit_failed_refund(txn, market.carla.user_id, new_id("bkg"), refund_id, Money.of(minor, "USD"), now)
    txn.commit()
    return refund_id


def cash_out(market: Market, action: str, body: Mapping[str, object], user: Caller) -> Answer:
    path = f"/v1/users/{market.carla.user_id}/wallet/cash-outs{action}"
    return market.post(path, dict(body), user=user)


def test_support_asks_finance_pays_and_the_client_sees_it_at_both_doors(market: Market) -> None:
    refund_id = sent_back(market, 6_000)
    asked = {
        "refund_id": refund_id,
        "amount": {"amount_minor": 5_000, "currency": "USD"},
        "reason": "No card",
    }
    made, why = {"bank_reference": "2026/17"}, {"reason": "No such account"}
    assert {cash_out(market, "", asked, user).status for user in (market.carla, market.pavel)} == {403}
    one = cash_out(market, "", asked, SUE)
    assert (one.status, one.json()["status"]) == (201, "approved"), one.body
    path = f"/{one.json()['id']}"
    assert cash_out(market, f"{path}/pay", made, SUE).status == 403, "support does not pay"
    paid = cash_out(market, f"{path}/pay", made, FINANCE)
    assert (paid.status, paid.json()["bank_reference"]) == (200, "2026/17"), paid.body
    refused = cash_out(market, f"{path}/approve", {"reason": "Once more"}, market.pavel)
    assert refused.status == 403
    too_much = cash_out(market, "", asked, SUE)
    assert (too_much.status, too_much.json()["code"], too_much.json()["left_minor"]) == (
        409, "cash_out_too_large", 1_000,
    )  # fmt: skip
    assert cash_out(market, f"{path}/return", why, FINANCE).json()["status"] == "returned"
    listed = market.api.call("GET", f"/v1/users/{market.carla.user_id}/wallet/cash-outs", user=SUE).json()
    items = listed["items"]
    assert isinstance(items, list)
    assert [(each["id"], each["status"]) for each in items] == [(one.json()["id"], "returned")]
    shown = told(market, "{ wallet { balances { amountMinor } items { kind amount { amountMinor } } } }")
    assert shown["balances"] == [{"amountMinor": 6_000}]
    assert shown["items"] == [
        {"kind": kind, "amount": {"amountMinor": minor}}
        for kind, minor in (("cash_out_returned", 5_000), ("cashed_out", -5_000), ("refund_failed", 6_000))
    ]
