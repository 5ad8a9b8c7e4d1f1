"""The cloud itself: it answers, it knows its people, its clock moves, two of them run side by side."""

from datetime import UTC, datetime

from local import clock, processes
from local.api import text
from tests.e2e.cloud import Cloud


def test_it_says_that_it_is_well(cloud: Cloud) -> None:
    health = cloud.api.call("GET", "/v1/health")
    assert text(health, "status") == "ok"
    assert text(health, "stage") == "local"


def test_a_demo_user_is_who_the_token_says(cloud: Cloud) -> None:
    me = cloud.api.call("GET", "/v1/me", user="adele")
    assert text(me, "id") == cloud.user("adele").user_id
    assert me["roles"] == ["admin"]


def test_nobody_gets_in_without_a_token(cloud: Cloud) -> None:
    assert cloud.api.send("GET", "/v1/me").status_code == 401
    forged = cloud.token("carla")[:-3] + "AAA"
    answer = cloud.api.send("GET", "/v1/me", headers={"authorization": f"Bearer {forged}"})
    assert answer.status_code == 401


def test_everything_it_runs_listens_on_this_machine_alone(cloud: Cloud) -> None:
    assert set(processes.names(cloud.place)) >= {"aws", "stripe", "vendors"}
    stack = cloud.stack
    for url in (stack.aws_endpoint, stack.stripe_url, stack.twilio_url, stack.sendgrid_url, stack.plaid_url):
        assert url.startswith("http://127.0.0.1:")


def test_the_clock_moves_and_what_was_due_has_happened(cloud: Cloud) -> None:
    before = clock.offset_seconds(cloud.place)
    cloud.advance(1)
    assert clock.offset_seconds(cloud.place) == before + 3600
    assert cloud.advance(0) == 0
    assert datetime.now(UTC).year > 2024
