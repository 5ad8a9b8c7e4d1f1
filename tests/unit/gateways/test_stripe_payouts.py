"""Payouts at Stripe: what is asked, and what the answers mean, over the real SDK and a canned wire."""

from datetime import UTC, datetime

import pytest
import stripe

from callsheet.gateways.errors import PaymentsUnavailable
from callsheet.gateways.payouts import (
    BankPayoutStatus,
    FoundPayout,
    InstantPayoutOrder,
    PayoutFailure,
    PayoutGone,
    PayoutMethod,
    PayoutRefusal,
    PayoutRefused,
)
from callsheet.gateways.stripe_payouts import StripePayouts
from callsheet.kernel.money import Money
from tests.unit.gateways.canned import Canned, CannedStripe, Json, an_error, ok

MADE, ARRIVES = datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 4, tzinfo=UTC)
ORDER = InstantPayoutOrder(key="pay_1", account_id="acct_1", amount=Money.of(5_000, "USD"))


def a_payout(**changes: object) -> Json:
    return {
        "id": "po_1",
        "object": "payout",
        "amount": 5_000,
        "currency": "usd",
        "status": "pending",
        "method": "instant",
        "created": int(MADE.timestamp()),
        "arrival_date": int(ARRIVES.timestamp()),
        "failure_code": None,
        "metadata": {"payout_key": "pay_1"},
        **changes,
    }


FOUND = FoundPayout(
    id="po_1",
    amount=ORDER.amount,
    status=BankPayoutStatus.PENDING,
    method=PayoutMethod.INSTANT,
    created_at=MADE,
    arrives_at=ARRIVES,
    key="pay_1",
)


def a_list(*items: Json) -> Canned:
    return ok({"object": "list", "data": list(items), "has_more": False, "url": "/v1/payouts"})


def over(*answers: Canned | Exception) -> tuple[StripePayouts, CannedStripe]:
    wire = CannedStripe(*answers)
    return StripePayouts(wire), wire


def test_a_payout_is_fetched_from_the_account_it_happened_on() -> None:
    gateway, wire = over(ok(a_payout()))
    assert gateway.payout("acct_1", "po_1") == FOUND
    (sent,) = wire.sent
    assert (sent.method, sent.path) == ("GET", "/v1/payouts/po_1")
    assert sent.headers["Stripe-Account"] == "acct_1"


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("account_closed", PayoutFailure.ACCOUNT_CLOSED),
        ("no_account", PayoutFailure.ACCOUNT_UNKNOWN),
        ("debit_not_authorized", PayoutFailure.ACCOUNT_RESTRICTED),
        ("could_not_process", PayoutFailure.DECLINED),
        ("something_new", PayoutFailure.OTHER),
    ],
)
def test_a_failure_is_told_in_a_word_that_stays(code: str, word: PayoutFailure) -> None:
    gateway, _ = over(ok(a_payout(status="failed", failure_code=code, method="standard", metadata={})))
    found = gateway.payout("acct_1", "po_1")
    assert (found.status, found.failure, found.method, found.key) == (
        BankPayoutStatus.FAILED,
        word,
        PayoutMethod.STANDARD,
        None,
    )


@pytest.mark.parametrize(
    "answer",
    [
        an_error(404, "invalid_request_error", code="resource_missing"),
        an_error(403, "invalid_request_error", code="account_invalid"),
    ],
)
def test_a_payout_that_is_not_there_is_gone(answer: Canned) -> None:
    gateway, _ = over(answer)
    with pytest.raises(PayoutGone):
        gateway.payout("acct_1", "po_1")


def test_what_can_be_had_at_once_suffices_for_whichever_card_it_goes_to() -> None:
    nets = [{"amount": 7_920, "destination": "card_1"}, {"amount": 7_900, "destination": "card_2"}]
    available = [
        {"amount": 8_000, "currency": "usd", "net_available": nets},
        {"amount": 5, "currency": "eur"},
    ]
    gateway, wire = over(ok({"object": "balance", "instant_available": available}))
    assert gateway.instant_funds("acct_1") == (Money.of(7_900, "USD"), Money.of(5, "EUR"))
    assert wire.sent[0].headers["Stripe-Account"] == "acct_1"


def test_an_account_whose_bank_takes_none_has_nothing_at_once() -> None:
    gateway, _ = over(ok({"object": "balance", "available": [{"amount": 8_000, "currency": "usd"}]}))
    assert gateway.instant_funds("acct_1") == ()


def test_an_instant_payout_is_asked_for_under_our_id_on_its_account() -> None:
    gateway, wire = over(ok(a_payout()))
    assert gateway.pay_instantly(ORDER) == FOUND
    (sent,) = wire.sent
    assert (sent.method, sent.path, sent.key) == ("POST", "/v1/payouts", "pay_1")
    assert sent.headers["Stripe-Account"] == "acct_1"
    assert sent.params == {
        "amount": "5000",
        "currency": "usd",
        "method": "instant",
        "metadata[payout_key]": "pay_1",
    }


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("balance_insufficient", PayoutRefusal.FUNDS),
        ("instant_payouts_unsupported", PayoutRefusal.UNSUPPORTED),
        ("instant_payouts_limit_exceeded", PayoutRefusal.LIMIT),
        ("payouts_not_allowed", PayoutRefusal.ACCOUNT),
        ("something_new", PayoutRefusal.OTHER),
    ],
)
def test_a_refusal_says_what_is_wrong(code: str, reason: PayoutRefusal) -> None:
    gateway, _ = over(an_error(400, "invalid_request_error", code=code))
    with pytest.raises(PayoutRefused) as refused:
        gateway.pay_instantly(ORDER)
    assert refused.value.reason is reason


def test_no_answer_is_no_refusal_and_is_found_later() -> None:
    broken = stripe.APIConnectionError("gone", should_retry=True)  # type: ignore[no-untyped-call]
    other = a_payout(id="po_0", metadata={})
    gateway, wire = over(broken, broken, a_list(other, a_payout()), a_list(other))
    with pytest.raises(PaymentsUnavailable):
        gateway.pay_instantly(ORDER)
    assert gateway.find_payout(ORDER, MADE) == FOUND
    assert wire.sent[2].headers["Stripe-Account"] == "acct_1"
    assert wire.sent[2].params["created[gte]"] == str(int(MADE.timestamp()) - 300)
    assert gateway.find_payout(ORDER, MADE) is None
