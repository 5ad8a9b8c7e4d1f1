"""What is written about a request: one log line, one line of metrics, and nobody's data in either."""

import itertools
import json
import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import cast

import pytest
from pydantic import JsonValue

from callsheet.platform import metrics
from callsheet.platform.metrics import BusinessMetric, count, record_outcome
from tests.functional.http.test_endpoint import HANDLER, an_event, ask

type Line = dict[str, JsonValue]
_ROOT = Path(__file__).parents[3]


def lines(capsys: pytest.CaptureFixture[str]) -> list[Line]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]


def measured(capsys: pytest.CaptureFixture[str]) -> list[Line]:
    return [line for line in lines(capsys) if "_aws" in line]


def directive(line: Line) -> Line:
    aws = cast("Line", line["_aws"])
    (found,) = cast("list[Line]", aws["CloudWatchMetrics"])
    return found


@pytest.mark.parametrize(("item", "outcome"), [("a", "2xx"), ("conflict", "4xx"), ("bug", "5xx")])
def test_each_answer_is_one_line_of_metrics(
    item: str, outcome: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ask(an_event(item))
    (line,) = measured(capsys)
    assert line[f"answered_{outcome}"] == [1.0]
    (latency,) = cast("list[float]", line["latency_ms"])
    assert latency > 0
    assert directive(line)["Namespace"] == "Callsheet"
    assert line["function"] == "tests.functional.http.test_endpoint"


def test_dimensions_name_no_single_request(capsys: pytest.CaptureFixture[str]) -> None:
    ask(an_event("conflict"))
    (line,) = measured(capsys)
    assert set(cast("list[list[str]]", directive(line)["Dimensions"])[0]) <= {"service", "function"}


def test_only_the_first_outcome_of_a_process_is_a_cold_start(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metrics, "_outcomes", itertools.count())
    for _ in range(3):
        record_outcome("bookings.create_booking", "answered_2xx", 12.5)
    assert ["cold_start" in line for line in measured(capsys)] == [True, False, False]


def test_money_is_counted_by_its_currency(capsys: pytest.CaptureFixture[str]) -> None:
    count(BusinessMetric.BOOKING_REQUESTED)
    count(BusinessMetric.PAYMENT_CAPTURED_MINOR, 10_000, "USD")
    requested, captured = measured(capsys)
    assert requested["booking_requested"] == [1.0]
    assert "currency" not in requested
    assert (captured["payment_captured_minor"], captured["currency"]) == ([10_000.0], "USD")


_PROBE = """
import itertools
import json
from tests.functional.http.test_endpoint import HANDLER, an_event
event = an_event("conflict")
event["headers"] = {"X-Correlation-Id": "c-1", "Authorization": "Bearer secret"}
HANDLER(event, None)
HANDLER(an_event("a", body='{"count": 2, "note": "my address is 1 Elm St"}'), None)
"""


def probe(level: str | None) -> str:
    """What a process of its own writes: the logger takes its level and stream while it is made."""
    environment = {**os.environ, "PYTHONPATH": f"{_ROOT / 'layers/shared'}:{_ROOT}", "STAGE": "test"}
    environment.pop("POWERTOOLS_LOG_LEVEL", None)
    if level:
        environment["LOG_LEVEL"] = level
    done = subprocess.run(
        [sys.executable, "-c", _PROBE],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
        timeout=60,
    )
    return done.stdout


def test_an_outcome_is_one_log_line_with_its_correlation_id_and_nothing_said_by_the_caller() -> None:
    written = probe(None)
    logged = [found for line in written.splitlines() if "_aws" not in (found := json.loads(line))]
    refused, answered = logged
    assert (refused["message"], refused["code"], refused["correlation_id"]) == ("refused", "conflict", "c-1")
    assert (answered["message"], answered["status"], answered["correlation_id"]) == ("answered", 201, "req-1")
    assert "Elm" not in written
    assert "secret" not in written


def test_what_nobody_foresaw_is_one_line_too(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    ask(an_event("bug"))
    assert [(record.message, record.levelno) for record in caplog.records] == [("failed", logging.ERROR)]


def test_the_log_level_is_the_environment_s() -> None:
    assert "refused" not in probe("ERROR")
    assert "refused" in probe("INFO")


def test_a_handler_keeps_nothing_of_the_request_before(capsys: pytest.CaptureFixture[str]) -> None:
    ask(an_event("conflict"))
    ask(an_event())
    first, second = measured(capsys)
    assert "answered_4xx" in first
    assert "answered_4xx" not in second
    assert HANDLER.operation.row.name == "act"
