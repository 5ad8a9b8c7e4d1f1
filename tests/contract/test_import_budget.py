"""With just what the layers hold, importing a handler loads no slow package beyond its row's."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from bench.imports import ENVIRONMENT
from bench.layer import ALL_VENDORS, hiding_prefix
from docs.build import rows

# One interpreter that knows what every function needs; each handler is imported in a fork of it that has loaded nothing
# of ours yet.
_PROBE = """
import importlib, json, os, sys
import aws_lambda_powertools.event_handler, botocore.session, pydantic, pynamodb.models
for name in sys.argv[1:]:
    read, write = os.pipe()
    if os.fork() == 0:
        importlib.import_module(name)
        os.write(write, json.dumps([m for m in sys.modules if m in %r or m.startswith("callsheet.")]).encode())
        os._exit(0)
    os.close(write)
    found = os.fdopen(read).read()
    print(name, found or '["failed"]', flush=True)
    os.wait()
"""


def _loaded(names: list[str]) -> dict[str, set[str]]:
    probe = [sys.executable, "-c", hiding_prefix(ALL_VENDORS) + _PROBE % (ALL_VENDORS,), *names]
    out = subprocess.run(probe, capture_output=True, text=True, check=True, env=ENVIRONMENT, timeout=300)
    lines = (line.split(" ", 1) for line in out.stdout.splitlines())
    return {name: set(json.loads(found)) for name, found in lines}


@pytest.fixture(scope="module")
def loaded() -> dict[str, set[str]]:
    """What each handler loads of the vendors and of ours."""
    names = sorted(f"functions.{domain}.{row.name}" for domain, row in rows.rows())
    with ThreadPoolExecutor(2) as pool:
        halves = list(pool.map(_loaded, (names[::2], names[1::2])))
    return halves[0] | halves[1]


def test_no_handler_loads_a_vendor_that_its_row_does_not_declare(loaded: dict[str, set[str]]) -> None:
    declared = {f"functions.{domain}.{row.name}": set(row.vendors) for domain, row in rows.rows()}
    assert set(loaded) == set(declared)
    assert {name: "failed" for name, found in loaded.items() if "failed" in found} == {}
    vendors = {name: found.intersection(ALL_VENDORS) for name, found in loaded.items()}
    assert {name: found - declared[name] for name, found in vendors.items() if found - declared[name]} == {}


@pytest.mark.parametrize("name", ["get_booking", "get_timeline", "list_bookings"])
def test_showing_a_booking_loads_nothing_that_decides_prices_or_moves_money(
    name: str, loaded: dict[str, set[str]]
) -> None:
    """Each module costs every cold start; these are called more than all others together (ADR 0044)."""
    bookings = {
        "amends",
        "cancellation",
        "deps",
        "grants",
        "model",
        "price",
        "reading",
        "rules",
        "store",
        "views",
        name,
    }
    allowed = {
        *(f"callsheet.bookings.{module}" for module in bookings),
        *(f"callsheet.payments.{module}" for module in ("for_booking", "model", "shares", "store")),
        "callsheet.calendar.moments",
        "callsheet.gateways.declines",
        "callsheet.gateways.tax_details",
    }
    assert {module for module in loaded[f"functions.bookings.{name}"] if _is_of_a_domain(module)} <= allowed


@pytest.mark.parametrize(
    ("name", "never"),
    [
        ("bookings.create_booking", ("bookings.capturing", "bookings.refunding", "transfers.take_back")),
        ("bookings.create_booking", ("gateways.stripe_transfers", "gateways.stripe_disputes")),
        ("bookings.accept_booking", ("bookings.refunding", "transfers.take_back", "bookings.asking_intents")),
        (
            "bookings.accept_booking",
            ("gateways.stripe_transfers", "gateways.stripe_disputes", "gateways.tax"),
        ),
        ("bookings.decline_booking", ("bookings.capturing", "bookings.refunding", "transfers.take_back")),
        ("bookings.refund_booking", ("bookings.capturing", "gateways.stripe_disputes", "calendar.store")),
        ("bookings.complete_booking", ("gateways.payments", "transfers.holding", "calendar.days")),
        ("bookings.report_problem", ("ledger.store", "transfers.rules", "gateways.payments")),
        ("payments.check_payment", ("gateways.tax", "gateways.payouts")),
        ("transfers.get_transfer", ("transfers.rules", "ledger.model", "connect.model")),
        ("transfers.place_hold", ("transfers.rules", "ledger.model", "connect.model")),
        ("transfers.release_hold", ("ledger.model", "connect.model")),
    ],
)
def test_a_door_brings_no_writers_that_are_not_its_own(
    name: str, never: tuple[str, ...], loaded: dict[str, set[str]]
) -> None:
    """Who writes what of a booking's money is parted so that each function loads its own part (ADR 0044)."""
    assert loaded[f"functions.{name}"].isdisjoint(f"callsheet.{module}" for module in never)


def test_the_graphql_door_starts_without_stripe(loaded: dict[str, set[str]]) -> None:
    """Nearly all operations are queries: the first that moves money waits for the SDK instead."""
    assert "stripe" not in loaded["functions.graphql.execute_operation"]


def _is_of_a_domain(module: str) -> bool:
    parts = module.split(".")
    return len(parts) > 2 and parts[1] not in {"kernel", "platform", "http"}


def test_the_probe_sees_a_vendor_that_was_loaded() -> None:
    assert _loaded(["graphql"]) == {"graphql": {"graphql"}}
