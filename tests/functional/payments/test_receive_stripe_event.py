"""A webhook is believed by its signature alone, kept once, and queued however often it comes."""

import os
from datetime import timedelta
from unittest.mock import patch

import boto3
import pytest

from callsheet.payments.stripe_events import KEPT, StripeEvent, StripeEventItem, concern_of
from tests.functional.payments.conftest import QUEUE_VARIABLE
from tests.functional.payments.webhooks import a_refund_event, an_event, deliver, queued
from tests.support.calls import calls


def kept(event_id: str = "evt_1") -> list[StripeEventItem]:
    return list(StripeEventItem.query(f"STRIPE#{event_id}"))


def test_an_event_is_kept_as_it_was_signed_and_queued(queue: str) -> None:
    body = an_event()
    answer = deliver(body)
    assert (answer.status, answer.json()) == (200, {"received": True})
    (item,) = kept()
    assert (item.body, item.type) == (body.decode(), "payment_intent.succeeded")
    assert item.expires_at is not None
    assert item.expires_at >= int(KEPT.total_seconds())
    (message,) = queued(queue)
    assert (message["id"], message["detail-type"]) == ("evt_1", "stripe.payment_intent.succeeded")
    detail = message["detail"]
    assert isinstance(detail, dict)
    assert detail["event_id"] == "evt_1"
    assert detail["payload"] == {
        "type": "payment_intent.succeeded",
        "subject": "bkg_1",
        "intent_id": "pi_1",
        "account_id": None,
        "payout_id": None,
    }


def test_a_refund_names_its_intent_alone(queue: str) -> None:
    deliver(a_refund_event())
    (message,) = queued(queue)
    detail = message["detail"]
    assert isinstance(detail, dict)
    assert detail["payload"] == {
        "type": "refund.updated",
        "subject": None,
        "intent_id": "pi_1",
        "account_id": None,
        "payout_id": None,
    }


def test_receiving_is_one_transaction(queue: str) -> None:
    with calls() as made:
        deliver(an_event())
    assert made == ["TransactWriteItems"]


def test_an_event_that_comes_again_is_kept_once_and_queued_again(queue: str) -> None:
    for _ in range(3):
        assert deliver(an_event()).status == 200
    assert len(kept()) == 1
    assert len(queued(queue)) == 3


def test_a_crash_between_keeping_and_queueing_heals_with_stripes_next_try(queue: str) -> None:
    nowhere = boto3.client("sqs").create_queue(QueueName="gone")["QueueUrl"]
    boto3.client("sqs").delete_queue(QueueUrl=nowhere)
    with patch.dict(os.environ, {QUEUE_VARIABLE: nowhere}):
        assert deliver(an_event()).status == 500
    assert (len(kept()), queued(queue)) == (1, [])
    assert deliver(an_event()).status == 200
    assert (len(kept()), len(queued(queue))) == (1, 1)


def test_an_event_of_no_payment_is_kept_and_wakes_nobody(queue: str) -> None:
    body = an_event(kind="customer.created", id="cus_1", object="customer", metadata={"user_id": "usr_1"})
    assert deliver(body).status == 200
    assert (len(kept()), queued(queue)) == (1, [])


def test_an_event_that_only_points_somewhere_is_kept(queue: str) -> None:
    body = b'{"id":"evt_1","object":"v2.core.event","type":"v1.billing.meter.no_meter_found"}'
    assert deliver(body).status == 200
    assert (len(kept()), queued(queue)) == (1, [])


@pytest.mark.parametrize(
    ("age", "secret", "signature"),
    [
        (timedelta(seconds=302), "whsec_test", None),
        (timedelta(days=1), "whsec_test", None),
        (timedelta(), "whsec_other", None),
        (timedelta(), "whsec_test", ""),
        (timedelta(), "whsec_test", "t=1,v1=00"),
        (timedelta(), "whsec_test", "nonsense"),
    ],
)
def test_what_stripe_did_not_sign_lately_is_refused_and_nothing_has_changed(
    queue: str, age: timedelta, secret: str, signature: str | None
) -> None:
    answer = deliver(an_event(), age=age, secret=secret, signature=signature)
    assert (answer.status, answer.json()["code"]) == (400, "invalid_signature")
    assert (kept(), queued(queue)) == ([], [])


def test_what_stripe_signs_for_connected_accounts_is_taken_too(queue: str) -> None:
    body = an_event(kind="account.updated", id="acct_1", object="account", metadata={})
    assert deliver(body, secret="whsec_connect").status == 200
    (message,) = queued(queue)
    detail = message["detail"]
    assert isinstance(detail, dict)
    assert detail["payload"] == {
        "type": "account.updated",
        "subject": None,
        "intent_id": None,
        "account_id": "acct_1",
        "payout_id": None,
    }


@pytest.mark.parametrize(
    ("kind", "about", "top", "found"),
    [
        ("account.updated", {"object": "account", "id": "acct_1"}, None, "acct_1"),
        ("account.updated", {"object": "account", "id": "acct_1"}, "acct_1", "acct_1"),
        (
            "capability.updated",
            {"object": "capability", "id": "transfers", "account": "acct_1"},
            None,
            "acct_1",
        ),
        ("account.application.deauthorized", {"object": "application", "id": "ca_1"}, "acct_1", "acct_1"),
        ("payout.paid", {"object": "payout", "id": "po_1"}, "acct_1", "acct_1"),
        ("payout.paid", {"object": "payout", "id": "po_1"}, None, None),  # the platform's own
    ],
)
def test_an_event_about_an_account_names_it_in_one_of_three_places(
    kind: str, about: dict[str, str], top: str | None, found: str | None
) -> None:
    event = StripeEvent.model_validate(
        {"id": "evt_1", "type": kind, "account": top, "data": {"object": about}}
    )
    assert concern_of(event).account_id == found


def test_a_body_that_was_touched_is_refused(queue: str) -> None:
    from datetime import UTC, datetime

    from callsheet.gateways.stripe_signature import sign

    signature = sign(an_event(), "whsec_test", datetime.now(UTC))
    assert deliver(an_event(metadata={"subject": "bkg_2"}), signature=signature).status == 400
    assert kept() == []


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[]", b"null", b'{"id": 7, "type": "x"}', b"\xff\xfe", b"{" * 500]
)
def test_what_is_signed_but_no_event_is_a_bad_request(queue: str, body: bytes) -> None:
    answer = deliver(body)
    assert (answer.status, answer.json()["code"]) == (400, "invalid_request")
    assert queued(queue) == []


def test_a_body_above_256_kb_is_too_large(queue: str) -> None:
    assert deliver(an_event(metadata={"subject": "x" * 262_144})).status == 413
    assert kept() == []


@pytest.mark.parametrize(("top", "found"), [("acct_1", "po_1"), (None, None)])
def test_a_payout_is_named_where_it_left_a_connected_account(top: str | None, found: str | None) -> None:
    event = StripeEvent.model_validate(
        {
            "id": "evt_1",
            "type": "payout.paid",
            "account": top,
            "data": {"object": {"object": "payout", "id": "po_1"}},
        }
    )
    assert concern_of(event).payout_id == found
