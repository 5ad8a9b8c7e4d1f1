"""The platform's balance at Stripe: what is asked, and what the answers mean, over the real SDK and a canned wire."""

from datetime import UTC, datetime

import pytest
import stripe

from callsheet.gateways.balance import BalanceTransaction
from callsheet.gateways.errors import PaymentsUnavailable
from callsheet.gateways.stripe_balance import StripeBalance
from callsheet.kernel.money import Money
from tests.unit.gateways.canned import Canned, CannedStripe, Json, an_error, ok

SINCE, UNTIL = datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC)
AWAY = stripe.APIConnectionError("nobody there", should_retry=True)  # type: ignore[no-untyped-call]  # the SDK's own


def a_transaction(number: int = 1, **changes: object) -> Json:
    return {
        "id": f"txn_{number}",
        "object": "balance_transaction",
        "type": "charge",
        "source": f"ch_{number}",
        "amount": 10_000,
        "fee": 320,
        "net": 9_680,
        "currency": "usd",
        "created": int(SINCE.timestamp()),
        **changes,
    }


def a_list(*items: Json, has_more: bool = False) -> Canned:
    url = "/v1/balance_transactions"
    return ok({"object": "list", "data": list(items), "has_more": has_more, "url": url})


def over(*answers: Canned | Exception) -> tuple[StripeBalance, CannedStripe]:
    wire = CannedStripe(*answers)
    return StripeBalance(wire), wire


def test_a_day_is_asked_for_page_by_page_from_its_first_second_to_before_the_next_days() -> None:
    balance, wire = over(a_list(a_transaction(2), a_transaction(1), has_more=True), a_list(a_transaction(0)))
    first = balance.transactions(SINCE, UNTIL)
    second = balance.transactions(SINCE, UNTIL, first.next_after)
    assert [item.id for item in (*first.items, *second.items)] == ["txn_2", "txn_1", "txn_0"]
    assert (first.next_after, second.next_after) == ("txn_1", None)
    span = {"created[gte]": "1772409600", "created[lt]": "1772496000", "limit": "95"}
    assert [(sent.method, sent.path) for sent in wire.sent] == [("GET", "/v1/balance_transactions")] * 2
    assert [sent.params for sent in wire.sent] == [span, {**span, "starting_after": "txn_1"}]


def test_a_transaction_says_what_came_in_what_it_cost_and_what_moved_it() -> None:
    (found,) = over(a_list(a_transaction()))[0].transactions(SINCE, UNTIL).items
    assert found == BalanceTransaction(
        id="txn_1",
        type="charge",
        source="ch_1",
        amount=Money.of(10_000, "USD"),
        fee=Money.of(320, "USD"),
        created_at=SINCE,
    )
    assert (found.net, found.reference) == (Money.of(9_680, "USD"), "ch_1")


def test_what_no_object_has_moved_is_known_by_its_own_id() -> None:
    (found,) = over(a_list(a_transaction(source=None, type="stripe_fee")))[0].transactions_of("pi_1")
    assert found.reference == "txn_1"
    balance, wire = over(ok(a_transaction(source=None)))
    assert [item.id for item in balance.transactions_of("txn_1")] == ["txn_1"]
    assert wire.sent[0].path == "/v1/balance_transactions/txn_1"


def test_all_that_an_object_has_moved_is_found_however_many_pages_it_has() -> None:
    balance, wire = over(a_list(a_transaction(2, source="dp_1"), has_more=True), a_list(a_transaction(1)))
    assert [item.id for item in balance.transactions_of("dp_1")] == ["txn_2", "txn_1"]
    assert wire.sent[0].params == {"source": "dp_1", "limit": "100"}


def test_an_object_that_stripe_does_not_know_has_moved_nothing() -> None:
    unknown = an_error(404, "invalid_request_error", code="resource_missing")
    assert over(unknown)[0].transactions_of("ch_none") == ()


def test_the_balance_is_what_is_available_and_what_is_still_to_come() -> None:
    answer: Json = {
        "object": "balance",
        "available": [{"amount": 500, "currency": "usd"}, {"amount": 70, "currency": "jpy"}],
        "pending": [{"amount": -200, "currency": "usd"}],
    }
    assert over(ok(answer))[0].balance_minor() == {"USD": 300, "JPY": 70}


@pytest.mark.parametrize("asked", ["transactions", "transactions_of", "balance_minor"])
def test_no_answer_is_no_empty_answer(asked: str) -> None:
    balance, _ = over(AWAY, AWAY)
    calls = {
        "transactions": lambda: balance.transactions(SINCE, UNTIL),
        "transactions_of": lambda: balance.transactions_of("ch_1"),
        "balance_minor": balance.balance_minor,
    }
    with pytest.raises(PaymentsUnavailable):
        calls[asked]()
