"""The tour is a test: what a newcomer sees is what there is."""

import subprocess
import sys

import pytest

from local.api import items, text
from local.tour import tour
from tests.e2e.cloud import Cloud


def test_the_tour_comes_to_its_end(cloud: Cloud, capsys: pytest.CaptureFixture[str]) -> None:
    tour(cloud.place, cloud.stack)
    told = capsys.readouterr().out
    assert "payment authorized" in told
    assert "booking.completed" in told
    assert "are on his account at Stripe" in told
    assert "payout.paid" in told
    assert "are at his bank: paid" in told
    bookings = cloud.api.call("GET", "/v1/bookings?status=completed", user="carla")
    assert text(items(bookings)[0], "payment", "status") == "captured"


def test_stripe_was_asked_to_authorise_first_and_to_capture_later(cloud: Cloud) -> None:
    created = ("POST", "/v1/payment_intents")
    asked = [request for request in cloud.stripe.requests() if (request.method, request.path) == created]
    assert asked
    assert {request.params["capture_method"] for request in asked} == {"manual"}
    assert any(request.path.endswith("/capture") for request in cloud.stripe.requests())


@pytest.mark.parametrize(
    "command", [("token", "carla"), ("invoke", "platform/get_health"), ("logs", "users/get_me")]
)
def test_the_commands_of_the_makefile_work(cloud: Cloud, command: tuple[str, ...]) -> None:
    said = subprocess.run(
        (sys.executable, "-m", "local", *command),
        env=cloud.environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert said.strip()
