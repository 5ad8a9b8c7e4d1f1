"""What is asked of Stripe, and what its answers mean, over the real SDK and a canned wire."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
import stripe

from callsheet.gateways.declines import DeclineReason
from callsheet.gateways.errors import (
    AmountNotPayable,
    IntentNotFound,
    IntentRefused,
    IntentStateChanged,
    PaymentsUnavailable,
)
from callsheet.gateways.payments import IntentStatus
from callsheet.kernel.money import Money
from tests.unit.gateways.canned import Canned, a_charge, an_error, an_intent, an_order, ok, over

HUNDRED = Money.of(10_000, "USD")
CAPTURABLE = an_intent(status="requires_capture", latest_charge=a_charge())
UNEXPECTED = an_error(400, "invalid_request_error", code="payment_intent_unexpected_state")
AWAY = stripe.APIConnectionError("nobody there", should_retry=True)  # type: ignore[no-untyped-call]  # the SDK's own
REPLAYED = an_error(500, "api_error", {"idempotent-replayed": "true", "stripe-should-retry": "false"})


def test_an_order_of_100_dollars_asks_for_an_authorisation_of_10000_cents() -> None:
    payments, wire = over(ok(CAPTURABLE))
    intent = payments.authorize(an_order())
    (sent,) = wire.sent
    assert (sent.method, sent.path, sent.key) == ("POST", "/v1/payment_intents", "pmt_1/authorize")
    assert sent.params == {
        "amount": "10000",
        "currency": "usd",
        "capture_method": "manual",
        "allowed_payment_method_types[0]": "card",
        "customer": "cus_1",
        "description": "Booking bkg_1",
        "metadata[payment_id]": "pmt_1",
        "metadata[subject]": "bkg_1",
        "transfer_group": "bkg_1",
        "expand[0]": "latest_charge",
        "payment_method": "pm_card_visa",
        "confirm": "true",
        "setup_future_usage": "off_session",
    }
    assert sent.headers["Authorization"] == "Bearer sk_test_callsheet"
    assert intent.status is IntentStatus.REQUIRES_CAPTURE
    assert (intent.amount, intent.charge_id, intent.subject) == (HUNDRED, "ch_1", "bkg_1")
    assert intent.capture_before == datetime.fromtimestamp(1_772_900_000, UTC)
    assert intent.fee is None


def test_what_comes_on_top_is_charged_to_the_kept_card_while_the_client_is_away() -> None:
    capturable = an_intent(status="requires_capture", latest_charge=a_charge(), payment_method="pm_1")
    payments, wire = over(ok(capturable))
    order = replace(an_order("pm_1"), subject="bkg_2", group="bkg_1", is_off_session=True)
    intent = payments.authorize(order)
    sent = wire.sent[0].params
    assert (sent["off_session"], sent["confirm"], sent["payment_method"]) == ("true", "true", "pm_1")
    assert (sent["metadata[subject]"], sent["transfer_group"]) == ("bkg_2", "bkg_1")
    assert "setup_future_usage" not in sent
    assert intent.payment_method == "pm_1"


def test_a_bank_that_wants_the_client_off_session_leaves_an_intent_they_can_confirm() -> None:
    refused = an_intent(
        last_payment_error={"code": "authentication_required", "decline_code": "authentication_required"}
    )
    wanted = an_error(402, "card_error", code="authentication_required", payment_intent=refused)
    payments, _ = over(wanted)
    intent = payments.authorize(replace(an_order("pm_1"), is_off_session=True))
    assert intent.decline_reason is DeclineReason.AUTHENTICATION_REQUIRED
    assert (intent.status, intent.client_secret) == (IntentStatus.REQUIRES_PAYMENT_METHOD, "pi_1_secret_2")


def test_without_a_payment_method_nothing_is_confirmed() -> None:
    payments, wire = over(ok(an_intent()))
    intent = payments.authorize(an_order(payment_method=None))
    assert {"confirm", "payment_method"}.isdisjoint(wire.sent[0].params)
    assert (intent.client_secret, intent.charge_id) == ("pi_1_secret_2", None)


def test_a_card_that_wants_to_be_asked_first_is_no_refusal() -> None:
    payments, _ = over(ok(an_intent(status="requires_action")))
    intent = payments.authorize(an_order("pm_card_authenticationRequired"))
    assert (intent.status, intent.decline_reason) == (IntentStatus.REQUIRES_ACTION, None)


@pytest.mark.parametrize(
    ("code", "decline_code", "reason"),
    [
        ("card_declined", "insufficient_funds", DeclineReason.INSUFFICIENT_FUNDS),
        ("card_declined", "generic_decline", DeclineReason.CARD_DECLINED),
        ("card_declined", "lost_card", DeclineReason.CARD_DECLINED),
        ("card_declined", "stolen_card", DeclineReason.CARD_DECLINED),
        ("card_declined", "fraudulent", DeclineReason.CARD_DECLINED),
        ("card_declined", "card_velocity_exceeded", DeclineReason.LIMIT_EXCEEDED),
        ("card_declined", "a_code_of_tomorrow", DeclineReason.CARD_DECLINED),
        ("expired_card", None, DeclineReason.EXPIRED_CARD),
        ("incorrect_cvc", None, DeclineReason.INCORRECT_CVC),
        ("processing_error", None, DeclineReason.PROCESSING_ERROR),
        ("authentication_required", "authentication_required", DeclineReason.AUTHENTICATION_REQUIRED),
    ],
)
def test_a_refused_card_answers_the_intent_and_why(
    code: str, decline_code: str | None, reason: DeclineReason
) -> None:
    why = {"code": code, "decline_code": decline_code} if decline_code else {"code": code}
    refused = an_intent(last_payment_error={"type": "card_error", **why}, latest_charge="ch_9")
    payments, _ = over(an_error(402, "card_error", payment_intent=refused, **why))
    intent = payments.authorize(an_order())
    assert (intent.id, intent.status) == ("pi_1", IntentStatus.REQUIRES_PAYMENT_METHOD)
    assert (intent.decline_reason, intent.charge_id) == (reason, "ch_9")


def test_a_refusal_before_there_was_an_intent_says_why() -> None:
    payments, _ = over(an_error(402, "card_error", code="expired_card"))
    with pytest.raises(IntentRefused) as refusal:
        payments.authorize(an_order())
    assert refusal.value.reason == "expired_card"


@pytest.mark.parametrize(
    ("param", "code", "reason", "is_customer_gone"),
    [
        ("payment_method", "resource_missing", DeclineReason.INVALID_PAYMENT_METHOD, False),
        ("customer", "resource_missing", DeclineReason.PROCESSING_ERROR, True),
        ("colour", "parameter_unknown", DeclineReason.PROCESSING_ERROR, False),
    ],
)
def test_an_order_that_stripe_never_takes_is_refused_for_good(
    param: str, code: str, reason: DeclineReason, is_customer_gone: bool
) -> None:
    payments, _ = over(an_error(400, "invalid_request_error", code=code, param=param))
    with pytest.raises(IntentRefused) as refusal:
        payments.authorize(an_order("pm_nobody"))
    assert (refusal.value.reason, refusal.value.is_customer_gone) == (reason, is_customer_gone)


def test_an_intent_of_somebody_else_is_not_found() -> None:
    payments, _ = over(an_error(404, "invalid_request_error", code="resource_missing", param="intent"))
    with pytest.raises(IntentNotFound):
        payments.intent("pi_other")


def test_more_than_is_left_can_not_be_given_back() -> None:
    payments, _ = over(an_error(400, "invalid_request_error", param="amount"))
    with pytest.raises(IntentStateChanged):
        payments.refund("pi_1", HUNDRED, "rfd_1")


@pytest.mark.parametrize(
    "answers",
    [
        (AWAY, AWAY),
        (an_error(500, "api_error"), an_error(502, "api_error")),
        (an_error(409, "idempotency_error", code="idempotency_key_in_use"),) * 2,
        (an_error(429, "invalid_request_error", code="rate_limit"),),
        (an_error(401, "invalid_request_error"),),
    ],
)
def test_an_answer_that_says_nothing_of_the_outcome_is_unavailable(answers: tuple[Canned, ...]) -> None:
    payments, wire = over(*answers)
    with pytest.raises(PaymentsUnavailable):
        payments.authorize(an_order())
    assert len(wire.sent) == len(answers)
    assert {sent.key for sent in wire.sent} == {"pmt_1/authorize"}


def test_a_connection_that_breaks_once_is_not_noticed() -> None:
    payments, wire = over(AWAY, ok(CAPTURABLE))
    payments.authorize(an_order())
    assert [sent.key for sent in wire.sent] == ["pmt_1/authorize"] * 2


def test_a_capture_knows_its_fee() -> None:
    booked = {"id": "txn_1", "object": "balance_transaction", "fee": 320, "currency": "usd"}
    captured = an_intent(status="succeeded", latest_charge=a_charge(balance_transaction=booked))
    payments, wire = over(ok(captured))
    intent = payments.capture("pi_1", "pmt_1")
    assert wire.sent[0].path == "/v1/payment_intents/pi_1/capture"
    assert wire.sent[0].params == {"expand[0]": "latest_charge.balance_transaction"}
    assert wire.sent[0].key == "pmt_1/capture"
    assert intent.fee == Money.of(320, "USD")


def test_an_intent_tells_of_refunds_and_disputes() -> None:
    charge = a_charge(
        amount_refunded=4_000, disputed=True, payment_method_details=None, balance_transaction="txn_1"
    )
    payments, wire = over(ok(an_intent(status="succeeded", latest_charge=charge)))
    intent = payments.intent("pi_1")
    assert (wire.sent[0].method, wire.sent[0].key) == ("GET", None)
    assert (intent.refunded_minor, intent.is_disputed) == (4_000, True)
    assert (intent.capture_before, intent.fee) == (None, None)


def test_an_intent_that_is_not_ours_has_no_subject() -> None:
    payments, _ = over(ok(an_intent(metadata={})))
    assert payments.intent("pi_1").subject is None


def test_what_can_not_be_captured_any_more_has_moved_on() -> None:
    payments, _ = over(UNEXPECTED)
    with pytest.raises(IntentStateChanged):
        payments.capture("pi_1", "pmt_1")


def test_a_cancelled_intent_answers_a_cancel_as_it_is() -> None:
    payments, wire = over(UNEXPECTED, ok(an_intent(status="canceled")))
    intent = payments.cancel("pi_1", "pmt_1")
    assert intent.status is IntentStatus.CANCELED
    assert [(sent.method, sent.key) for sent in wire.sent] == [("POST", "pmt_1/cancel"), ("GET", None)]


def test_a_captured_intent_can_not_be_cancelled() -> None:
    payments, _ = over(UNEXPECTED, ok(an_intent(status="succeeded")))
    with pytest.raises(IntentStateChanged):
        payments.cancel("pi_1", "pmt_1")


def test_a_failure_that_stripe_keeps_under_a_key_does_not_block_a_capture_for_a_day() -> None:
    captured = an_intent(status="succeeded", latest_charge=a_charge())
    payments, wire = over(REPLAYED, ok(captured))
    payments.capture("pi_1", "pmt_1")
    assert [sent.key for sent in wire.sent] == ["pmt_1/capture", "pmt_1/capture/again"]


def test_a_kept_failure_of_an_authorisation_is_looked_behind_before_another_is_made() -> None:
    ours = an_intent(metadata={"payment_id": "pmt_1"})
    other = an_intent(id="pi_other", metadata={"payment_id": "pmt_2"})
    payments, wire = over(
        REPLAYED, ok({"object": "list", "data": [other, ours], "has_more": False, "url": "/"})
    )
    assert payments.authorize(an_order()).id == ours["id"]
    assert [sent.method for sent in wire.sent] == ["POST", "GET"]
    payments, wire = over(
        REPLAYED, ok({"object": "list", "data": [other], "has_more": False, "url": "/"}), ok(ours)
    )
    payments.authorize(an_order())
    assert [sent.key for sent in wire.sent] == ["pmt_1/authorize", None, "pmt_1/authorize/again"]


def test_a_refund_is_keyed_by_our_id() -> None:
    answer = {"id": "re_1", "object": "refund", "amount": 4_000, "currency": "usd", "status": "pending"}
    payments, wire = over(ok(answer))
    receipt = payments.refund("pi_1", Money.of(4_000, "USD"), "rfd_1")
    assert wire.sent[0].key == "rfd_1"
    assert wire.sent[0].params == {
        "payment_intent": "pi_1",
        "amount": "4000",
        "metadata[refund_id]": "rfd_1",
    }
    assert (receipt.id, receipt.amount, receipt.status) == ("re_1", Money.of(4_000, "USD"), "pending")


def test_money_that_went_back_before_is_not_given_again() -> None:
    answer = an_error(400, "invalid_request_error", code="charge_already_refunded")
    payments, _ = over(answer)
    with pytest.raises(IntentStateChanged):
        payments.refund("pi_1", HUNDRED, "rfd_1")


def test_a_customer_is_known_to_stripe_by_our_user_id_alone() -> None:
    payments, wire = over(ok({"id": "cus_1", "object": "customer"}))
    assert payments.create_customer("usr_1") == "cus_1"
    assert wire.sent[0].params == {"metadata[user_id]": "usr_1"}
    assert wire.sent[0].key == "customer/usr_1"


def test_an_amount_that_cards_do_not_have_is_refused_before_stripe_is_asked() -> None:
    payments, wire = over()
    with pytest.raises(AmountNotPayable):
        payments.authorize(an_order(amount=Money.of(1_234, "KWD")))
    assert wire.sent == []
