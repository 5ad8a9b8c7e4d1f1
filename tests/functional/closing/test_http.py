"""The close over HTTP, from queue and clock, with the real SDK over the simulated Stripe."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from unittest.mock import patch

import pytest
import stripe

from callsheet.closing.store import stored_close
from callsheet.kernel.ids import new_id
from callsheet.kernel.money import Money
from callsheet.ledger.post import post
from callsheet.platform.clock import clock
from callsheet.platform.transaction import Transaction
from functions.closing import expire_proposal, run_portion, start_daily_closes
from tests.functional.closing.office import Office
from tests.functional.payments.webhooks import as_record, queued
from tests.support.gateway import Answer, Caller, Gateway
from tests.support.month import Booked
from tests.support.stripe import SimulatedStripe

PATH = "/v1/admin/closes"
FIONA, ADELE, CARLA = Caller(groups=("finance",)), Caller(groups=("admin",)), Caller(groups=("client",))
DONE: dict[str, list[dict[str, str]]] = {"batchItemFailures": []}


@pytest.fixture
def sim(office: Office) -> Iterator[SimulatedStripe]:
    """Stripe as it was yesterday at noon."""
    then = datetime.combine(yesterday(), datetime.min.time(), UTC) + timedelta(hours=12)
    simulated = SimulatedStripe(lambda: then)
    with patch.object(stripe, "default_http_client", simulated):
        yield simulated


def yesterday() -> date:
    return clock().now().date() - timedelta(days=1)  # the handlers' clock is the machine's


def call(method: str, path: str, user: Caller = FIONA, body: object = None, key: str | None = None) -> Answer:
    headers = {"Idempotency-Key": key} if key else {}
    return Gateway().call(method, f"{PATH}{path}", user=user, body=body, headers=headers)


def items(answer: Answer) -> list[dict[str, object]]:
    found = answer.json()["items"]
    assert isinstance(found, list)
    return found


def charged(sim: SimulatedStripe, minor: int) -> str:
    """A charge at Stripe; its id. The fee is 2.9 % + 30."""
    intent = sim.client().v1.payment_intents.create(
        {
            "amount": minor,
            "currency": "usd",
            "payment_method": "pm_card_visa",
            "confirm": True,
            "allowed_payment_method_types": ["card"],
        }
    )
    return str(intent.latest_charge)


def booked(office: Office, charge: str, minor: int) -> None:
    at = datetime.combine(yesterday(), datetime.min.time(), UTC) + timedelta(hours=12)
    entry = Booked(at, new_id("bkg"), "capture", charge, Money.of(minor, "USD")).entry()
    txn = Transaction(office.caller, at)
    post(txn, entry, at)
    txn.commit()


def worked(office: Office) -> None:
    while messages := queued(office.queue):
        for message in messages:
            assert run_portion.handler(as_record(message), None) == DONE


def test_a_day_is_run_reported_and_mended_by_two_persons(office: Office, sim: SimulatedStripe) -> None:
    good, unknown = charged(sim, 10_000), charged(sim, 100_000)
    booked(office, good, 10_000 - 320)
    day = yesterday().isoformat()
    started = call("POST", f"/{day}/run")
    assert (started.status, started.json()["status"]) == (202, "running")
    worked(office)
    answer = call("GET", f"/{day}")
    report = answer.json()
    assert (report["status"], report["open"]) == ("differing", 1)
    assert report["tally"] == {"transactions": 2, "entries": 1, "matched": 1, "carried": 0, "differing": 1}
    (difference,) = items(answer)
    assert (difference["reference"], difference["kind"]) == (unknown, "missing")
    assert difference["stripe"] == [{"amount_minor": 97_070, "currency": "USD"}]
    body = {"reference": unknown, "account": "platform:suspense", "reason": "Paid by hand"}
    proposed = call("POST", f"/{day}/adjustments", body=body, key="once")
    assert (proposed.status, proposed.json()["status"]) == (201, "proposed")
    assert call("POST", f"/{day}/adjustments", body=body, key="once").json() == proposed.json()
    approval = f"/{day}/adjustments/{proposed.json()['id']}/approve"
    own = call("POST", approval)
    assert (own.status, own.json()["code"]) == (403, "second_person_needed")
    approved = call("POST", approval, ADELE)
    assert (approved.status, approved.json()["status"]) == (200, "posted")
    assert call("GET", f"/{day}").json()["status"] == "mended"
    assert office.shut_by() == frozenset()
    lines = call("GET", f"/{day}").json()["balances"]
    assert lines == [{"currency": "USD", "stripe_minor": 106_750, "ledger_minor": 9_680}]


def test_closes_are_listed_and_differences_paged_the_latest_day_first(
    office: Office, sim: SimulatedStripe
) -> None:
    for _ in range(3):
        charged(sim, 5_000)
    days = [(yesterday() - timedelta(days=back)).isoformat() for back in range(3)]
    for day in reversed(days):
        call("POST", f"/{day}/run")
    worked(office)
    first = call("GET", "?limit=2")
    second = call("GET", f"?limit=2&cursor={first.json()['next_cursor']}")
    assert [item["day"] for item in (*items(first), *items(second))] == days
    assert second.json()["next_cursor"] is None
    page = call("GET", f"/{days[0]}?limit=2")
    cursor = page.json()["next_cursor"]
    rest = call("GET", f"/{days[0]}?limit=2&cursor={cursor}")
    assert len({one["reference"] for one in (*items(page), *items(rest))}) == 3
    assert call("GET", f"/{days[1]}?cursor={cursor}").json()["code"] == "invalid_cursor"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("GET", "/2026-03-02"),
        ("POST", "/2026-03-02/run"),
        ("POST", "/2026-03-02/adjustments"),
        ("POST", "/2026-03-02/adjustments/adj_1/approve"),
        ("POST", "/2026-03-02/adjustments/adj_1/reject"),
    ],
)
def test_whoever_is_not_of_finance_is_refused_and_nothing_has_changed(
    office: Office, method: str, path: str
) -> None:
    body = {"reference": "ch_1", "account": "expense:processing", "reason": "Because"}
    answer = call(method, path, CARLA, body if path.endswith("adjustments") else None)
    assert (answer.status, answer.json()["code"]) == (403, "forbidden")
    assert stored_close(date(2026, 3, 2)) is None
    assert queued(office.queue) == []


def test_days_are_refused_for_what_they_are(office: Office, sim: SimulatedStripe) -> None:
    today, day = clock().now().date().isoformat(), yesterday().isoformat()
    assert call("GET", f"/{day}").status == 404
    assert call("POST", f"/{today}/run").json()["code"] == "day_not_over"
    assert call("POST", "/2999-01-01/run").status == 400
    for odd in ("yesterday", "20260302", "2026-02-30"):
        assert call("POST", f"/{odd}/run").json()["code"] == "invalid_request"
    assert call("POST", f"/{day}/run").status == 202
    again = call("POST", f"/{day}/run")
    assert (again.status, again.json()["code"]) == (409, "close_running")
    body = {"reference": "ch_1", "account": "expense:processing", "reason": "Because"}
    assert call("POST", f"/{day}/adjustments", body=body).json()["code"] == "close_running"


@pytest.mark.parametrize(
    "changes",
    [
        {"account": "stripe:cash"},
        {"account": "wallet:x"},
        {"reason": " "},
        {"amount_minor": 1},
        {"reference": "a#b"},
    ],
)
def test_an_adjustment_chooses_neither_amount_nor_any_account(
    office: Office, changes: dict[str, object]
) -> None:
    body = {"reference": "ch_1", "account": "expense:processing", "reason": "Because", **changes}
    assert call("POST", "/2026-03-02/adjustments", body=body).status == 400


def test_the_clock_starts_closes_and_a_deadline_finds_them_ended(
    office: Office, sim: SimulatedStripe
) -> None:
    started = start_daily_closes.handler({"id": "1"}, None)["started"]
    assert len(started) == 3
    worked(office)
    due = {"kind": "closing.stalled", "subject": started[0], "due_at": "2026-03-02T12:00:00.000000Z"}
    message = {"id": "b1", "detail-type": "due.closing.stalled", "detail": due}
    assert run_portion.handler(as_record(message), None) == DONE
    assert office.shut_by() == frozenset()


def test_while_stripe_is_away_the_portion_goes_back_to_the_queue(
    office: Office, sim: SimulatedStripe
) -> None:
    call("POST", f"/{yesterday().isoformat()}/run")
    (message,) = queued(office.queue)
    sim.fail("/v1/balance_transactions", "error", times=4)
    assert run_portion.handler(as_record(message), None)["batchItemFailures"] != []
    sim.control("POST", "/_sim/fail", {"path": "/v1/balance_transactions", "times": 0, "kind": "error"})
    assert run_portion.handler(as_record(message), None) == DONE


def test_a_proposal_that_is_gone_is_none_of_the_deadlines_business(office: Office) -> None:
    detail = {"kind": "closing.proposal", "subject": f"2026-03-02/{new_id('adj')}", "due_at": "x"}
    message = {"id": "b1", "detail-type": "due.closing.proposal", "detail": detail}
    assert json.dumps(expire_proposal.handler(as_record(message), None)) != json.dumps(DONE)
