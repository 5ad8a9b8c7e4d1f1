"""Failures on demand, and the clock."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import stripe

from tests.functional.stripe_sim.payments import authorized, order
from tests.support.stripe import SimulatedStripe


def test_a_timeout_does_nothing(sim: SimulatedStripe, api: stripe.V1Services) -> None:
    sim.control("POST", "/_sim/fail", {"path": "/v1/payment_intents", "times": 1, "kind": "timeout"})
    with pytest.raises(stripe.APIConnectionError):
        api.payment_intents.create(order(), {"idempotency_key": "k"})
    assert api.payment_intents.list().data == []
    assert api.payment_intents.create(order(), {"idempotency_key": "k"}).status == "requires_capture"


def test_a_lost_answer_can_be_asked_for_again(sim: SimulatedStripe, api: stripe.V1Services) -> None:
    intent = authorized(api)
    sim.fail("/v1/payment_intents/*/capture", "applied_then_timeout")
    with pytest.raises(stripe.APIConnectionError):
        api.payment_intents.capture(intent.id, None, {"idempotency_key": "k"})
    assert api.payment_intents.retrieve(intent.id).status == "succeeded"
    assert api.payment_intents.capture(intent.id, None, {"idempotency_key": "k"}).status == "succeeded"


def test_the_sdk_repeats_what_was_lost(sim: SimulatedStripe) -> None:
    sim.fail("/v1/payment_intents", "applied_then_timeout", times=2)
    made = sim.client(max_network_retries=2).v1.payment_intents.create(order())
    assert made.status == "requires_capture"
    assert len(sim.simulator.world.kept("payment_intent")) == 1
    assert sim.calls() == ["POST /v1/payment_intents"] * 3


def test_a_failure_hits_as_often_as_it_is_told(sim: SimulatedStripe, api: stripe.V1Services) -> None:
    sim.fail("/v1/balance", "error", times=2)
    for _ in range(2):
        with pytest.raises(stripe.APIError):
            api.balance.retrieve()
    assert api.balance.retrieve().object == "balance"
    sim.fail("/v1/balance", "error", times=5)
    sim.fail("/v1/balance", "error", times=0)
    assert api.balance.retrieve().object == "balance"


def test_a_failure_is_one_that_is_known(sim: SimulatedStripe) -> None:
    status, _, _ = sim.simulator.handle("POST", "/_sim/fail", {}, b'{"path": "/v1", "kind": "flood"}')
    assert status == 400


@pytest.mark.parametrize(("kind", "made"), [("hang", 0), ("applied_then_hang", 1)])
def test_a_call_is_held_until_it_is_released(sim: SimulatedStripe, kind: str, made: int) -> None:
    api = sim.client().v1
    sim.fail("/v1/payment_intents", kind)
    with ThreadPoolExecutor() as threads:
        asked = threads.submit(api.payment_intents.create, order())
        while not sim.simulator.faults.held():
            assert not asked.done()
        assert sim.control("GET", "/_sim/held") == [{"method": "POST", "path": "/v1/payment_intents"}]
        assert len(sim.simulator.world.kept("payment_intent")) == made  # others are answered meanwhile
        assert sim.control("POST", "/_sim/release") == {"released": 1}
        with pytest.raises(stripe.APIConnectionError):
            asked.result()
    assert sim.control("GET", "/_sim/held") == []
    assert len(sim.simulator.world.kept("payment_intent")) == made


def test_stripes_clock_moves_on_its_own(sim: SimulatedStripe, api: stripe.V1Services) -> None:
    intent = authorized(api)
    sim.event_types()
    sim.control("POST", "/_sim/clock", {"advance_s": 7 * 24 * 3600})
    assert sim.event_types() == ["charge.expired", "payment_intent.canceled"]
    assert api.payment_intents.retrieve(intent.id).cancellation_reason == "automatic"


def test_a_reset_forgets_everything(sim: SimulatedStripe, api: stripe.V1Services) -> None:
    authorized(api)
    sim.control("POST", "/_sim/reset")
    assert (sim.requests, sim.deliveries(), sim.simulator.world.objects) == ([], [], {})
    assert sim.control("GET", "/_sim/requests") == []
