"""Webhooks: signed, in order, repeated until taken, and disturbed on demand."""

import json
from collections.abc import Mapping
from threading import Condition

import pytest
import stripe

from local.stripe_sim.simulator import WEBHOOK_SECRET, Simulator
from tests.functional.stripe_sim.payments import authorized, captured
from tests.support.stripe import SimulatedStripe

_KEY = {"Authorization": "Bearer sk_test_callsheet"}


def _verified(payload: bytes, headers: Mapping[str, str]) -> stripe.Event:
    """Through the SDK's own check; the tests' clock stands, so that the age is not looked at."""
    event = stripe.Webhook.construct_event(
        payload, headers["Stripe-Signature"], WEBHOOK_SECRET, tolerance=10**10
    )
    assert isinstance(event, stripe.Event)
    return event


def test_a_payment_tells_its_story_in_order(sim: SimulatedStripe, api: stripe.V1Services) -> None:
    captured(api, metadata={"payment_id": "pay_1"})
    events = [_verified(payload, headers) for payload, headers in sim.deliveries()]
    assert [event.type for event in events] == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.amount_capturable_updated",
        "charge.captured",
        "payment_intent.succeeded",
    ]
    first, last = events[0], events[-1]
    assert first.api_version == stripe.api_version
    assert first.request is not None
    assert first.request.id is not None
    assert first.data.object["status"] == "requires_confirmation"
    assert last.data.object["status"] == "succeeded"
    assert last.data.object["metadata"]["payment_id"] == "pay_1"
    assert sim.deliveries() == []


def test_a_changed_payload_does_not_pass(sim: SimulatedStripe, api: stripe.V1Services) -> None:
    authorized(api)
    (payload, headers), *_ = sim.deliveries()
    with pytest.raises(stripe.SignatureVerificationError):
        _verified(payload + b" ", headers)


def test_events_can_be_read_afterwards(api: stripe.V1Services) -> None:
    authorized(api)
    (created,) = api.events.list({"type": "payment_intent.created"}).data
    assert api.events.retrieve(created.id).type == "payment_intent.created"
    assert len(api.events.list({"types": ["payment_intent.created", "charge.succeeded"]}).data) == 2


def test_previous_attributes_say_what_changed(sim: SimulatedStripe, api: stripe.V1Services) -> None:
    customer = api.customers.create({"email": "a@callsheet.test"})
    api.customers.update(customer.id, {"email": "b@callsheet.test"})
    event = json.loads(sim.deliveries()[-1][0])
    assert event["data"]["previous_attributes"] == {"email": "a@callsheet.test"}
    assert event["request"]["id"] is not None


def test_webhooks_are_held_until_they_are_flushed(sim: SimulatedStripe, api: stripe.V1Services) -> None:
    sim.control("POST", "/_sim/webhooks", {"mode": "hold"})
    authorized(api)
    assert sim.deliveries() == []
    assert sim.control("POST", "/_sim/webhooks/flush") == {"flushed": 3}
    assert len(sim.deliveries()) == 3


def test_dropped_webhooks_never_come_but_the_events_stay(
    sim: SimulatedStripe, api: stripe.V1Services
) -> None:
    sim.control("POST", "/_sim/webhooks", {"mode": "drop"})
    authorized(api)
    sim.control("POST", "/_sim/webhooks", {"mode": "normal"})
    sim.control("POST", "/_sim/webhooks/flush")
    assert sim.deliveries() == []
    assert len(api.events.list().data) == 3


def test_webhooks_come_again_and_in_any_order(sim: SimulatedStripe, api: stripe.V1Services) -> None:
    sim.control("POST", "/_sim/webhooks", {"mode": "hold", "duplicate": 4, "shuffle": True})
    for _ in range(5):
        authorized(api)
    sim.control("POST", "/_sim/webhooks/flush")
    ids = [json.loads(payload)["id"] for payload, _ in sim.deliveries()]
    in_order = [event.id for event in reversed(api.events.list({"limit": 100}).data)]
    assert sorted(ids) == sorted(in_order * 5)
    assert ids != [one for one in in_order for _ in range(5)]


@pytest.mark.parametrize("body", [{"mode": "later"}, {"duplicate": -1}, {"colour": "red"}])
def test_the_control_plane_is_strict_too(body: dict[str, object]) -> None:
    status, _, _ = Simulator().handle("POST", "/_sim/webhooks", {}, json.dumps(body).encode())
    assert status == 400
    assert Simulator().handle("GET", "/_sim/moon", {}, b"")[0] == 404


class _Receiver:
    """An endpoint that fails as often as it is told."""

    def __init__(self, failures: int) -> None:
        self.types: list[str] = []
        self._failures = failures
        self._change = Condition()

    def __call__(self, payload: bytes, headers: Mapping[str, str]) -> int:
        with self._change:
            if self._failures:
                self._failures -= 1
                if self._failures % 2:
                    raise ConnectionRefusedError
                return 503
            self.types.append(json.loads(payload)["type"])
            assert _verified(payload, headers)
            self._change.notify_all()
            return 200

    def wait_for(self, count: int) -> list[str]:
        with self._change:
            assert self._change.wait_for(lambda: len(self.types) >= count, timeout=10)
            return self.types


@pytest.fixture(params=[0, 3])
def receiver(request: pytest.FixtureRequest) -> _Receiver:
    return _Receiver(request.param)


def test_a_worker_delivers_and_tries_again(receiver: _Receiver) -> None:
    simulator = Simulator(deliver=receiver)
    try:
        for _ in range(3):
            simulator.handle("POST", "/v1/customers", _KEY, b"")
        assert receiver.wait_for(3) == ["customer.created"] * 3
    finally:
        simulator.close()


def test_nothing_runs_without_a_destination(sim: SimulatedStripe) -> None:
    assert sim.simulator.outbox.state()["url"] is None
    assert not sim.simulator.outbox.has_worker
