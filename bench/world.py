"""The small world the benchmark plays in: one stage on moto, Stripe's simulator, and the requests that are measured."""

import importlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import boto3

from callsheet import wiring
from callsheet.bookings.create_booking import create_booking
from callsheet.bookings.model import CreateBooking
from callsheet.gateways.stripe_signature import sign
from callsheet.kernel.ids import new_id
from callsheet.kernel.principal import Principal, Role
from tests.support.cloud import cloud
from tests.support.forget import forget
from tests.support.gateway import Answer, Request
from tests.support.market import Market, open_market

_PAGE = 20
_WEBHOOK_SECRET = "whsec_test"  # as tests/support/cloud.py keeps it
_CREATE = "mutation($input: CreateBookingInput!) { createBooking(input: $input) { id status amount } }"
_LIST = (
    "{ bookings { id status amount total { amountMinor currency } client { id } provider { id } createdAt } }"
)

type _Consume = Callable[[dict[str, list[dict[str, str]]], None], dict[str, list[dict[str, str]]]]


def _nothing() -> None:
    pass


@dataclass(frozen=True, slots=True)
class Call:
    """One request. `prepare` makes what it uses up, a booking that can be accepted, say."""

    name: str
    run: Callable[[], Answer]
    prepare: Callable[[], None] = _nothing


@contextmanager
def world() -> Iterator[list[Call]]:
    """The requests, while the stage they need exists."""
    with cloud():
        forget()  # importing handlers has read another stage's settings
        yield from _played()
    forget()


def _played() -> Iterator[list[Call]]:
    with _queue(), open_market() as market:
        play = _Play(market)
        for _ in range(_PAGE):
            play.book()
        yield [*_reads(play), *_steps(play), *_documents(play), *_webhooks(play)]


@contextmanager
def _queue() -> Iterator[None]:
    url = boto3.client("sqs").create_queue(QueueName="apply-stripe-event")["QueueUrl"]
    with patch.dict(os.environ, {"QUEUE_PAYMENTS_APPLY_STRIPE_EVENT": url}):
        yield


@dataclass(slots=True)
class _Play:
    """Who takes part, and the booking and webhook at hand. Each booking has a span of its own."""

    market: Market
    booking_id: str = ""
    webhook: Request = field(default_factory=lambda: Request(method="POST", path="/v1/webhooks/stripe"))
    spans: int = 0

    def asked(self) -> dict[str, object]:
        self.spans += 1
        starts_at = datetime.now(UTC) + timedelta(days=3, hours=3 * self.spans)
        ends_at = starts_at + timedelta(hours=2)
        return self.market.asked(starts_at=starts_at.isoformat(), ends_at=ends_at.isoformat())

    def book(self) -> None:
        """Through the use case: the door would count its calls against the limit."""
        carla = Principal(
            self.market.carla.user_id, roles=frozenset({Role.CLIENT}), correlation_id=new_id("cor")
        )
        command = CreateBooking.model_validate(self.asked())
        self.booking_id = create_booking(command, carla, wiring.checkout()).id

    def authorize(self) -> None:
        """A booking, and the webhook that tells of its authorisation."""
        self.market.stripe.deliveries()
        self.book()
        told = (body for body, _ in self.market.stripe.deliveries())
        body = next(one for one in told if b'"payment_intent.amount_capturable_updated"' in one)
        signature = sign(body, _WEBHOOK_SECRET, datetime.now(UTC))
        self.webhook = Request(
            method="POST", path="/v1/webhooks/stripe", headers={"stripe-signature": signature}, body=body
        )

    def get(self, path: str) -> Answer:
        return self.market.api.call("GET", path, user=self.market.carla)

    def documents(self, query: str, **variables: object) -> Answer:
        return self.market.post("/graphql", {"query": query, "variables": variables})


def _reads(play: _Play) -> Iterator[Call]:
    provider = play.market.provider
    on = (datetime.now(UTC) + timedelta(days=4)).date()
    days = f"from={on}&to={on + timedelta(days=6)}"
    quoted = {
        "provider_id": provider.profile_id,
        "service_id": provider.service_id,
        "starts_at": (datetime.now(UTC) + timedelta(days=30)).isoformat(),
    }
    yield Call("platform.get_health", lambda: play.get("/v1/health"))
    yield Call("platform.get_openapi", lambda: play.get("/v1/openapi.json"))
    yield Call("catalogue.get_profile", lambda: play.get(f"/v1/profiles/{provider.profile_id}"))
    yield Call(
        "calendar.get_availability, a week",
        lambda: play.get(f"/v1/providers/{provider.user.id}/availability?{days}"),
    )
    yield Call("bookings.quote_booking", lambda: play.market.post("/v1/quotes", quoted))
    yield Call("bookings.get_booking", lambda: play.get(f"/v1/bookings/{play.booking_id}"))
    yield Call(f"bookings.list_bookings, {_PAGE}", lambda: play.get(f"/v1/bookings?limit={_PAGE}"))


def _steps(play: _Play) -> Iterator[Call]:
    def step(name: str) -> Callable[[], Answer]:
        return lambda: play.market.as_pavel({"id": play.booking_id}, name)

    yield Call("bookings.create_booking", lambda: play.market.post("/v1/bookings", play.asked()))
    yield Call("bookings.accept_booking", step("accept"), play.book)
    yield Call("bookings.decline_booking", step("decline"), play.book)


def _documents(play: _Play) -> Iterator[Call]:
    def create() -> Answer:
        asked = play.asked()
        given = {
            "clientId": play.market.carla.user_id,
            "providerId": asked["provider_id"],
            "amount": asked["amount"],
            "startsAt": asked["starts_at"],
            "endsAt": asked["ends_at"],
            "paymentMethod": asked["payment_method"],
        }
        return play.documents(_CREATE, input=given)

    yield Call("graphql createBooking", create)
    yield Call(f"graphql bookings, {_PAGE}", lambda: play.documents(_LIST))


def _webhooks(play: _Play) -> Iterator[Call]:
    yield Call("payments.receive_stripe_event", lambda: play.market.api.send(play.webhook), play.authorize)
    yield Call("payments.apply_stripe_event", lambda: _applied(play), play.authorize)


def _applied(play: _Play) -> Answer:
    """The consumer at the end of the queue, told of an intent that is authorised."""
    event = json.loads(play.webhook.body)
    intent = event["data"]["object"]
    concern = {"type": event["type"], "subject": play.booking_id, "intent_id": intent["id"]}
    detail = {"event_id": event["id"], "correlation_id": "bench", "payload": concern}
    message = {"id": event["id"], "detail-type": f"stripe.{event['type']}", "detail": detail}
    handler: _Consume = importlib.import_module("functions.payments.apply_stripe_event").handler
    result = handler({"Records": [{"messageId": "1", "body": json.dumps(message)}]}, None)
    return Answer(500 if result["batchItemFailures"] else 200, {}, json.dumps(result))
