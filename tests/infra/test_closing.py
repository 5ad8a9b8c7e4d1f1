"""A day that differs wakes somebody."""

import json

import pytest

from callsheet.platform.metrics import BusinessMetric, count
from tests.infra.templates import Synthesised


def test_a_close_that_differs_rings_by_the_metric_that_the_relay_counts(
    prod: Synthesised, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (alarm,) = [
        one
        for one in prod.of_type("AWS::CloudWatch::Alarm")
        if one.get("MetricName") == BusinessMetric.CLOSE_DIFFERED
    ]
    (relay,) = [
        one
        for one in prod.of_type("AWS::Lambda::Function")
        if str(one["FunctionName"]).endswith("platform-relay-events")
    ]
    monkeypatch.setenv(
        "POWERTOOLS_SERVICE_NAME", relay["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"]
    )
    count(BusinessMetric.CLOSE_DIFFERED)
    line = json.loads(capsys.readouterr().out)
    (metrics,) = line["_aws"]["CloudWatchMetrics"]
    assert alarm["Namespace"] == metrics["Namespace"]
    assert [name for group in metrics["Dimensions"] for name in group] == ["service"]
    assert [(one["Name"], one["Value"]) for one in alarm["Dimensions"]] == [("service", line["service"])]
