"""A cloud for the end-to-end tests of a process, started when the first asks for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.cloud import Cloud, cloud_of_ones_own, forget
from tests.support.conformity import faults_of_answer

_HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """`-m "not e2e"` leaves them out."""
    for item in items:
        if _HERE in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def cloud(request: pytest.FixtureRequest) -> Iterator[Cloud]:
    """The demo users are signed up; Stripe is simulated; IAM is enforced unless AUTH=false. Logs stay on failure.

    At the end each answer that the simulator gave is one that Stripe could have given.
    """
    failed_before = request.session.testsfailed
    with cloud_of_ones_own() as running:
        yield running
        assert faults_of_all_answers(running) == []
    if request.session.testsfailed == failed_before:
        forget(running.place)


def faults_of_all_answers(running: Cloud) -> list[str]:
    given = [request.response for request in running.stripe.requests()]
    return [fault for answer in given if isinstance(answer, dict) for fault in faults_of_answer(answer)]
