"""Stripe's answers as a test says they are, below the real SDK: what was sent stays to be looked at."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

import stripe

from callsheet.gateways.payments import Order
from callsheet.gateways.stripe_payments import StripePayments
from callsheet.kernel.money import Money

type Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Sent:
    method: str
    path: str
    params: Mapping[str, str]
    headers: Mapping[str, str]

    @property
    def key(self) -> str | None:
        return self.headers.get("Idempotency-Key")


@dataclass(frozen=True, slots=True)
class Canned:
    status: int
    body: Json
    headers: Mapping[str, str] = field(default_factory=dict)


class CannedStripe(stripe.HTTPClient):
    """Answers one by one; an exception is raised, as the network would. Repetitions do not wait."""

    name = "canned"

    def __init__(self, *answers: Canned | Exception) -> None:
        super().__init__()
        self.answers = list(answers)
        self.sent: list[Sent] = []

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: object = None,
        *,
        _usage: list[str] | None = None,
    ) -> tuple[str, int, Mapping[str, str]]:
        path, _, query = url.removeprefix("https://api.stripe.com").partition("?")
        params = dict(parse_qsl(str(post_data) if post_data else query))
        self.sent.append(Sent(method.upper(), path, params, headers or {}))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return json.dumps(answer.body), answer.status, answer.headers

    def _sleep_time_seconds(self, num_retries: int) -> float:
        return 0

    def close(self) -> None:
        """Nothing is open."""


def over(*answers: Canned | Exception) -> tuple[StripePayments, CannedStripe]:
    """The gateway, and the wire it speaks over."""
    wire = CannedStripe(*answers)
    return StripePayments(wire), wire


def an_order(payment_method: str | None = "pm_card_visa", amount: Money | None = None) -> Order:
    return Order(
        payment_id="pmt_1",
        subject="bkg_1",
        group="bkg_1",
        amount=amount or Money.of(10_000, "USD"),
        customer_id="cus_1",
        payment_method=payment_method,
        description="Booking bkg_1",
    )


def an_intent(**changes: object) -> Json:
    """A PaymentIntent that waits for a payment method; `changes` are its fields."""
    return {
        "id": "pi_1",
        "object": "payment_intent",
        "payment_method": None,
        "amount": 10_000,
        "currency": "usd",
        "status": "requires_payment_method",
        "client_secret": "pi_1_secret_2",
        "latest_charge": None,
        "last_payment_error": None,
        "metadata": {"payment_id": "pmt_1", "subject": "bkg_1"},
        **changes,
    }


def a_charge(**changes: object) -> Json:
    return {
        "id": "ch_1",
        "object": "charge",
        "amount": 10_000,
        "amount_refunded": 0,
        "currency": "usd",
        "disputed": False,
        "balance_transaction": None,
        "payment_method_details": {
            "type": "card",
            "card": {"brand": "visa", "capture_before": 1_772_900_000},
        },
        **changes,
    }


def ok(body: Json) -> Canned:
    return Canned(200, body)


def an_error(status: int, kind: str, headers: Mapping[str, str] | None = None, /, **fields: object) -> Canned:
    return Canned(status, {"error": {"type": kind, "message": "no", **fields}}, headers or {})
