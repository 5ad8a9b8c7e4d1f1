"""Who is told that the search does not do what it should."""

import json
from collections.abc import Callable

import pytest

from callsheet.platform.metrics import CircuitName, record_circuit_opened, record_drift, record_lag
from tests.infra.templates import Properties, Synthesised


def _alarm(prod: Synthesised, metric: str) -> Properties:
    (found,) = [one for one in prod.of_type("AWS::CloudWatch::Alarm") if one.get("MetricName") == metric]
    return found


def _dimensions(line: str) -> dict[str, str]:
    emitted = json.loads(line)
    (metrics,) = emitted["_aws"]["CloudWatchMetrics"]
    return {name: emitted[name] for group in metrics["Dimensions"] for name in group}


def test_an_engine_that_is_away_a_drift_and_a_lag_ring_by_the_metrics_that_are_written(
    prod: Synthesised, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "search")
    written: dict[str, Callable[[], None]] = {
        "circuit_opened": lambda: record_circuit_opened(CircuitName.SEARCH_ENGINE),
        "drift": lambda: record_drift("search.converge_index", 1),
        "lag_ms": lambda: record_lag("search.index_profiles", 1.0),
    }
    for metric, write in written.items():
        alarm = _alarm(prod, metric)
        write()
        assert {one["Name"]: one["Value"] for one in alarm["Dimensions"]} == _dimensions(
            capsys.readouterr().out
        )
        assert alarm["AlarmActions"]
        assert alarm["Namespace"] == "Callsheet"
    lag = _alarm(prod, "lag_ms")
    assert (lag["ExtendedStatistic"], lag["Threshold"]) == ("p99", 60_000)
