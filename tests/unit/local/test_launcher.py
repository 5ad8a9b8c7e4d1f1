"""What scripts outside rely on: the commands, `.local/stack.json`, the clock file."""

import json
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from docs.build import rows
from local import clock, lambdas, users
from local.place import ROOT, Place, discard, here
from local.ports import free_port
from local.programs import ministack, stripe, typesense
from local.stack import DemoUser, NoCloud, Stack, read_stack, write_stack
from local.tour import money, when

_STACK = Stack(
    api_url="http://127.0.0.1:1/api",
    graphql_url="http://127.0.0.1:1/api/graphql",
    aws_endpoint="http://127.0.0.1:1",
    region="us-east-1",
    stripe_url="http://127.0.0.1:2",
    twilio_url="http://127.0.0.1:4/twilio",
    sendgrid_url="http://127.0.0.1:4/sendgrid",
    plaid_url="http://127.0.0.1:4/plaid",
    typesense_url="http://127.0.0.1:3",
    typesense_api_key="key",
    outputs={"ApiId": "a"},
    users={"carla": DemoUser(user_id="usr_1", roles=("client",))},
)


@pytest.mark.parametrize(
    "target",
    [
        "run",
        "stop",
        "token",
        "invoke",
        "logs",
        "advance",
        "synth",
        "test",
        "nightly",
        "check",
        "bench",
        "docs",
        "clean",
    ],
)
def test_make_has_each_command_and_says_what_it_does(target: str) -> None:
    said = subprocess.run(("make", "help"), cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert any(line.split()[0] == target and len(line.split()) > 1 for line in said.splitlines())


def test_the_stack_file_has_the_fields_that_scripts_read(tmp_path: Path) -> None:
    place = Place(tmp_path)
    write_stack(_STACK, place)
    assert read_stack(place) == _STACK
    written = json.loads(place.stack_file.read_text())
    assert written.keys() >= {
        *("api_url", "graphql_url", "aws_endpoint", "region", "stripe_url", "typesense_url"),
        *("typesense_api_key", "outputs", "users", "twilio_url", "sendgrid_url", "plaid_url"),
    }
    assert written["users"]["carla"] == {"user_id": "usr_1", "roles": ["client"]}


def test_without_a_cloud_one_is_told_how_to_start_one(tmp_path: Path) -> None:
    with pytest.raises(NoCloud, match="make run"):
        read_stack(Place(tmp_path))


def test_two_clouds_keep_to_their_own_directories(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("CALLSHEET_LOCAL_DIR", raising=False)
    assert here().root == ROOT / ".local"
    monkeypatch.setenv("CALLSHEET_LOCAL_DIR", str(tmp_path))
    assert here().root == tmp_path


def test_the_demo_users_are_those_that_scripts_know() -> None:
    assert users.ROLES == {
        "carla": ("client",),
        "pavel": ("provider",),
        "petra": ("provider",),
        "sofia": ("studio_owner",),
        "adele": ("admin",),
        "felix": ("fan",),
    }


def test_the_clock_is_not_ahead_until_it_is_moved(tmp_path: Path) -> None:
    place = Place(tmp_path)
    assert clock.offset_seconds(place) == 0
    place.clock_file.write_text("7200\n")
    assert clock.offset_seconds(place) == 7200


@pytest.mark.parametrize(
    ("due_in_minutes", "leap_hours"),
    [([], 24), ([-5], 1), ([0], 1), ([1], 1), ([60], 1), ([61], 2), ([600, 90], 2), ([24 * 60 + 1], 24)],
)
def test_the_clock_leaps_over_the_hours_in_which_nothing_is_due(
    due_in_minutes: list[int], leap_hours: int
) -> None:
    now = datetime(2026, 3, 2, 12, 30, tzinfo=UTC)
    due = [now + timedelta(minutes=minutes) for minutes in due_in_minutes]
    assert clock.leap_seconds(now, due) == leap_hours * 3600


def test_what_a_cloud_has_left_is_gone_at_once(tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    (scratch / "worker").mkdir(parents=True)
    discard(scratch)
    assert not scratch.exists()
    discard(scratch)


def test_every_function_has_a_deployed_name_and_a_sample_event() -> None:
    for domain, row in rows.rows():
        function = f"{domain}/{row.name}"
        assert lambdas.function_name(function) == f"callsheet-local-{domain}-{row.name.replace('_', '-')}"


@pytest.mark.parametrize("name", ["", "bookings", "bookings/", "bookings/no_such", "../local/clock"])
def test_a_function_that_does_not_exist_is_named(name: str) -> None:
    with pytest.raises(lambdas.UnknownFunction, match="domain/verb_noun"):
        lambdas.function_name(name)


def test_a_live_key_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRIPE_API_KEY", "sk_live_0")
    with pytest.raises(SystemExit, match="no test key"):
        stripe.api_key()
    monkeypatch.setenv("STRIPE_API_KEY", "sk_test_0")
    assert stripe.api_key() == "sk_test_0"
    monkeypatch.delenv("STRIPE_API_KEY")
    assert stripe.api_key().startswith("sk_test_")


def test_a_search_engine_of_ones_own_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TYPESENSE_URL", raising=False)
    assert typesense.of_ones_own() is None
    monkeypatch.setenv("TYPESENSE_URL", "http://10.0.0.1:8108/")
    monkeypatch.setenv("TYPESENSE_API_KEY", "abc")
    assert typesense.of_ones_own() == typesense.Search("http://10.0.0.1:8108", "abc", "abc")


def test_aws_listens_on_this_machine_alone_and_sees_nothing_of_ours(tmp_path: Path) -> None:
    environment = ministack.program(Place(tmp_path), 20_000, enforce_iam=True).environment
    assert environment["BIND_HOST"] == "127.0.0.1"
    assert environment["AUTH"] == "true"
    assert "PYTHONPATH" not in environment


def test_ports_are_even_and_out_of_the_way_of_outgoing_connections() -> None:
    port = free_port()
    assert port % 2 == 0
    assert 20_000 <= port < 30_000


def test_the_tour_reads_spans_and_amounts_as_people_do() -> None:
    span = {
        "starts_at": "2026-05-01T17:00:00Z",
        "ends_at": "2026-05-01T19:00:00Z",
        "zone": "America/Los_Angeles",
    }
    assert when({**span}) == "Fri 01 May 10:00–12:00"
    assert money({"total": {"amount_minor": 31500, "currency": "USD"}}, "total") == "315.00 USD"
