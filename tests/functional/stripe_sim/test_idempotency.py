"""Idempotency keys (Stripe, "Idempotent requests")."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Event, Thread

import pytest
import stripe

from tests.functional.stripe_sim.conftest import MovingClock
from tests.functional.stripe_sim.payments import authorized, order
from tests.support.stripe import SimulatedStripe


def test_the_same_request_under_the_same_key_is_done_once(
    sim: SimulatedStripe, api: stripe.V1Services
) -> None:
    first = api.payment_intents.create(order(), {"idempotency_key": "pay_1/authorize"})
    again = api.payment_intents.create(order(), {"idempotency_key": "pay_1/authorize"})
    assert again.id == first.id
    assert len(api.payment_intents.list().data) == 1
    assert again.last_response is not None
    assert again.last_response.headers["idempotent-replayed"] == "true"
    assert first.last_response is not None
    assert "idempotent-replayed" not in first.last_response.headers
    assert [request["idempotency_key"] for request in sim.requests[:2]] == ["pay_1/authorize"] * 2


def test_an_answer_is_kept_as_it_was(api: stripe.V1Services) -> None:
    first = api.payment_intents.create(order(), {"idempotency_key": "k"})
    api.payment_intents.capture(first.id)
    assert api.payment_intents.create(order(), {"idempotency_key": "k"}).status == "requires_capture"


def test_other_parameters_under_the_same_key_are_refused(api: stripe.V1Services) -> None:
    api.payment_intents.create(order(), {"idempotency_key": "k"})
    with pytest.raises(stripe.IdempotencyError) as refusal:
        api.payment_intents.create(order(amount=20_000), {"idempotency_key": "k"})
    assert refusal.value.http_status == 400
    assert len(api.payment_intents.list().data) == 1


def test_another_endpoint_under_the_same_key_is_refused(api: stripe.V1Services) -> None:
    intent = authorized(api)
    api.payment_intents.capture(intent.id, None, {"idempotency_key": "k"})
    with pytest.raises(stripe.IdempotencyError, match="same endpoint"):
        api.payment_intents.cancel(intent.id, None, {"idempotency_key": "k"})


def test_a_declined_card_is_declined_again(api: stripe.V1Services) -> None:
    ids = set()
    for _ in range(2):
        with pytest.raises(stripe.CardError) as refusal:
            api.payment_intents.create(order("pm_card_chargeDeclined"), {"idempotency_key": "k"})
        assert refusal.value.error is not None
        assert refusal.value.error.payment_intent is not None
        ids.add(refusal.value.error.payment_intent.id)
    assert len(ids) == 1


def test_a_request_that_is_wrong_leaves_its_key_free(api: stripe.V1Services) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        api.payment_intents.create(order(colour="red"), {"idempotency_key": "k"})
    assert api.payment_intents.create(order(), {"idempotency_key": "k"}).status == "requires_capture"


def test_a_failure_of_stripe_is_kept_as_well(sim: SimulatedStripe, api: stripe.V1Services) -> None:
    sim.fail("/v1/payment_intents", "error")
    for replayed in (None, "true"):
        with pytest.raises(stripe.APIError) as failure:
            api.payment_intents.create(order(), {"idempotency_key": "k"})
        assert failure.value.http_status == 500
        assert failure.value.headers is not None
        assert failure.value.headers.get("idempotent-replayed") == replayed
    assert api.payment_intents.create(order(), {"idempotency_key": "k/again"}).status == "requires_capture"


def test_keys_are_forgotten_after_a_day(clock: MovingClock, api: stripe.V1Services) -> None:
    first = api.payment_intents.create(order(), {"idempotency_key": "k"})
    clock.advance(hours=23, minutes=59)
    assert api.payment_intents.create(order(), {"idempotency_key": "k"}).id == first.id
    clock.advance(minutes=1)
    assert api.payment_intents.create(order(), {"idempotency_key": "k"}).id != first.id


def test_a_request_that_still_runs_is_not_run_twice() -> None:
    with _slow_simulator() as (sim, entered, go_on):
        api = sim.client().v1
        made: list[str] = []
        running = Thread(
            target=lambda: made.append(api.payment_intents.create(order(), {"idempotency_key": "k"}).id)
        )
        running.start()
        assert entered.wait(5)
        with pytest.raises(stripe.APIError) as refusal:  # what the SDK makes of a 409
            api.payment_intents.create(order(), {"idempotency_key": "k"})
        assert refusal.value.http_status == 409
        assert "idempotency_key_in_use" in str(refusal.value.http_body)
        go_on.set()
        running.join(5)
        assert api.payment_intents.create(order(), {"idempotency_key": "k"}).id == made[0]


def test_many_at_once_under_one_key_make_one_intent(sim: SimulatedStripe) -> None:
    api = sim.client().v1
    outcomes: list[str] = []
    refused: list[int | None] = []

    def ask() -> None:
        try:
            outcomes.append(api.payment_intents.create(order(), {"idempotency_key": "k"}).id)
        except stripe.APIError as error:
            refused.append(error.http_status)

    threads = [Thread(target=ask) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(set(outcomes)) == 1
    assert set(refused) <= {409}
    assert len(sim.simulator.world.kept("payment_intent")) == 1


@contextmanager
def _slow_simulator() -> Iterator[tuple[SimulatedStripe, Event, Event]]:
    """A simulator whose first request stands still in the middle, at its second look at the clock."""
    entered, go_on, looks = Event(), Event(), iter(range(1_000))

    def now() -> datetime:
        if next(looks) == 1:
            entered.set()
            go_on.wait(5)
        return datetime(2026, 5, 1, 10, tzinfo=UTC)

    sim = SimulatedStripe(now)
    yield sim, entered, go_on
    go_on.set()
    sim.close()
