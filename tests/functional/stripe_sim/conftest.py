"""A simulator, the SDK over it, and a clock that the test moves."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import stripe

from tests.support.stripe import SimulatedStripe


class MovingClock:
    def __init__(self) -> None:
        self.at = datetime(2026, 5, 1, 10, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def advance(self, **span: float) -> None:
        self.at += timedelta(**span)


@pytest.fixture
def clock() -> MovingClock:
    return MovingClock()


@pytest.fixture
def sim(clock: MovingClock) -> Iterator[SimulatedStripe]:
    simulated = SimulatedStripe(clock)
    yield simulated
    simulated.close()


@pytest.fixture
def api(sim: SimulatedStripe) -> stripe.V1Services:
    return sim.client().v1


@pytest.fixture
def account(sim: SimulatedStripe, api: stripe.V1Services) -> str:
    """An express account whose owner has filled in everything."""
    account_id = api.accounts.create(
        {"type": "express", "country": "US", "capabilities": {"transfers": {"requested": True}}}
    ).id
    sim.onboard(account_id)
    sim.event_types()
    return account_id
